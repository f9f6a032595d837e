import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { importSpecifiers } from "../architecture/source-tree.ts";
import { pageFolder } from "./page-module.ts";

const chatFolder = pageFolder;
const consoleFolder = join(pageFolder, "../../dashboard/page");

const read = (file: string): string => readFileSync(file, "utf8");

/** A page, and at which addresses the server shows its files and those that it takes from the other one. */
const pages = [
  { name: "the chat", folder: chatFolder, places: { "/page/": chatFolder } },
  {
    name: "the console",
    folder: consoleFolder,
    places: { "/dashboard/page/": consoleFolder, "/sandbox/page/": chatFolder },
  },
];

describe.each(pages)("the files of $name", ({ folder, places }) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const ofKind = (ending: string): string[] => files.filter((file) => file.endsWith(ending));
  const index = read(join(folder, "index.html"));
  const fileAt = (address: string): string => {
    const [place, below] = Object.entries(places).find(([at]) => address.startsWith(at)) ?? [];
    return join(below ?? "no such place", address.slice(place?.length ?? 0));
  };
  /** What the browser loads because index.html names it. */
  const linked = [...index.matchAll(/\b(?:src|href)="([^"#][^"]*)"/g)]
    .map((match) => match[1] ?? "")
    .filter((address) => !address.startsWith("#"));

  /** Follows the imports from the modules that index.html loads. */
  function reachedModules(): Set<string> {
    const reached = new Set<string>();
    const open = linked.filter((path) => path.endsWith(".js")).map(fileAt);
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      open.push(...importSpecifiers(read(file)).map((to) => resolve(dirname(file ?? ""), to)));
    }
    return reached;
  }

  it("are all there, and index.html names only files of the page", () => {
    expect(linked.length).toBeGreaterThan(0);
    for (const path of linked) expect(existsSync(fileAt(path)), path).toBe(true);
  });

  it("import each other with their full names, and every module is used", () => {
    for (const file of ofKind(".js")) {
      for (const specifier of importSpecifiers(read(file))) {
        expect(specifier, file).toMatch(/^\.\.?\/.*\.js$/);
      }
    }
    const own = [...reachedModules()].filter((file) => file.startsWith(folder));
    expect(own.toSorted()).toEqual(ofKind(".js"));
  });

  it("leave no stylesheet unused", () => {
    const styles = linked.filter((path) => path.endsWith(".css")).map(fileAt);
    const own = styles.filter((file) => file.startsWith(folder));
    expect(own.toSorted()).toEqual(ofKind(".css"));
  });

  it("name no address outside: the page works offline", () => {
    const known = ["http://www.w3.org/2000/svg", "https://${address}"];
    for (const file of files) {
      const addresses = read(file).match(/https?:\/\/[^\s"'`)]+/g) ?? [];
      expect(
        addresses.filter((address) => !known.includes(address)),
        file,
      ).toEqual([]);
      expect(read(file), file).not.toMatch(/@import|url\(/);
    }
  });

  it("have no inline script, style or handler: the content security policy would refuse it", () => {
    expect(index).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [, attributes, body] of index.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
      expect(attributes).toContain("src=");
      expect(body?.trim()).toBe("");
    }
    for (const file of ofKind(".js")) expect(read(file), file).not.toMatch(/"style"/);
  });

  it("never turn text into markup or code", () => {
    const ways =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|createContextualFragment|\beval\(|new Function/;
    for (const file of ofKind(".js")) expect(read(file), file).not.toMatch(ways);
  });

  it("find every element they ask for by its id", () => {
    const ids = new Set([...index.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]));
    for (const file of ofKind(".js")) {
      for (const [, id] of read(file).matchAll(/\bbyId\("([^"]+)"\)/g))
        expect(ids, file).toContain(id);
      for (const [, name] of read(file).matchAll(/\bicon\("([^"]+)"\)/g))
        expect(ids, file).toContain(`icon-${name}`);
    }
  });

  it("have ids that are used once", () => {
    const ids = [...index.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]);
    expect(ids.length).toBe(new Set(ids).size);
  });
});
