import { describe, expect, it } from "vitest";
import {
  arrows,
  forbiddenFolderNames,
  maxFilesPerFolder,
  maxLinesPerFile,
  soleImporter,
  wallClockReader,
} from "./arrows.ts";
import { findCycle } from "./cycle.ts";
import { readSourceTree, type SourceFile } from "./source-tree.ts";

const tree = readSourceTree();
const code = tree.filter((file) => /\.(ts|mjs)$/.test(file.path));

/** The row of the table that speaks for a folder: its own, a wildcard's, or the one of the folder above. */
function rowOf(folder: string): string | undefined {
  for (
    let at = folder;
    at !== ".";
    at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "."
  ) {
    if (at in arrows) return at;
    const wildcard = at.replace(/[^/]+$/, "*");
    if (wildcard !== at && wildcard in arrows && at.includes("/")) return wildcard;
  }
  return undefined;
}

const folderOfPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

function arrowsOf(file: SourceFile): { from: string; to: string; line: string }[] {
  const from = rowOf(file.folder) ?? file.folder;
  return file.imports
    .filter((target) => /^(supervisor|bots|shared|scripts|test)\//.test(target))
    .map((target) => ({
      from,
      to: rowOf(folderOfPath(target)) ?? folderOfPath(target),
      line: `${file.path} -> ${target}`,
    }))
    .filter(({ to }) => to !== from);
}

const used = code.flatMap(arrowsOf);

describe("the house", () => {
  it("has a row in the table for every folder", () => {
    expect(
      code.filter((file) => rowOf(file.folder) === undefined).map((file) => file.path),
    ).toEqual([]);
  });

  it("has arrows only where the table draws them", () => {
    const wrong = used.filter(({ from, to }) => !(arrows[from] ?? []).includes(to));
    expect(wrong.map(({ line }) => line)).toEqual([]);
  });

  it("draws no arrow that nobody uses", () => {
    const stale = Object.entries(arrows).flatMap(([from, targets]) =>
      targets
        .filter((to) => !used.some((arrow) => arrow.from === from && arrow.to === to))
        .map((to) => `${from} -> ${to}`),
    );
    expect(stale).toEqual([]);
  });

  it("has no import cycle, type imports included", () => {
    const graph = new Map(
      code.map((file) => [file.path, file.imports.filter((target) => !target.startsWith("node:"))]),
    );
    expect(findCycle(graph)).toEqual([]);
  });

  it("has small files", () => {
    const long = tree.filter((file) => file.text.split("\n").length > maxLinesPerFile + 1);
    expect(long.map((file) => `${file.path}: ${file.text.split("\n").length} lines`)).toEqual([]);
    const lengths = code.map((file) => file.text.split("\n").length).toSorted((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)] ?? 0, "median lines of a file").toBeLessThan(
      100,
    );
  });

  it("has small folders, named after a stage of the flow", () => {
    const perFolder = groupByFolder();
    const crowded = [...perFolder].filter(([, count]) => count > maxFilesPerFolder);
    expect(crowded).toEqual([]);
    const names = [...perFolder.keys()].flatMap((folder) => folder.split("/"));
    expect(names.filter((name) => forbiddenFolderNames.includes(name))).toEqual([]);
  });

  it("imports each infrastructure package in one file", () => {
    for (const [name, sole] of Object.entries(soleImporter)) {
      const importers = code
        .filter((file) =>
          file.imports.some((target) => target === name || target.startsWith(`${name}/`)),
        )
        .map((file) => file.path);
      expect(importers, name).toEqual([sole]);
    }
  });

  it("reads the wall clock in one file", () => {
    const readers = code.filter(
      (file) =>
        file.path.endsWith(".ts") &&
        /\bDate\.now\(|new Date\(\)|performance\.now\(/.test(file.text),
    );
    expect(readers.map((file) => file.path)).toEqual([wallClockReader]);
  });

  it("exports by name and has no barrels", () => {
    const barrels = code.filter((file) =>
      /(^|\n)export \* from|(^|\n)export default/.test(file.text),
    );
    expect(barrels.map((file) => file.path)).toEqual([]);
  });
});

function groupByFolder(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of tree) counts.set(file.folder, (counts.get(file.folder) ?? 0) + 1);
  return counts;
}

describe("the test of the house", () => {
  it("finds a cycle", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["a"]],
      ["d", ["a"]],
    ]);
    expect(findCycle(graph)).toEqual(["a", "b", "c", "a"]);
    expect(
      findCycle(
        new Map([
          ["a", ["b"]],
          ["b", []],
        ]),
      ),
    ).toEqual([]);
  });
});
