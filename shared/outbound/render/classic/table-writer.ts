import { type Alignment, type Inline, plainText, type Table, type TableCell } from "../document.ts";
import { displayWidth } from "./display-width.ts";
import { writeInline } from "./inline-writer.ts";
import type { TextWriter } from "./text-writer.ts";

/** Columns of monospace text that a phone shows in one line. */
const maxWidth = 42;

/**
 * A table as aligned monospace text; one that is too wide for that, or has links or several lines in a cell (code has
 * neither), as a group of lines for each row.
 */
export function writeTable(writer: TextWriter, table: Table): void {
  const rows = [table.header, ...table.rows];
  if (rows.some((row) => row.some(needsLines))) {
    writeRecords(writer, table);
    return;
  }
  const cells = rows.map((row) => row.map((cell) => plainText(cell, " ").trim()));
  const widths = columnWidths(cells);
  const width = widths.reduce((sum, column) => sum + column + 3, -3);
  if (width > maxWidth) writeRecords(writer, table);
  else writer.writeApart({ type: "pre" }, aligned(cells, widths, table.alignments));
}

const needsLines = (cell: TableCell): boolean =>
  cell.some(
    (inline: Inline) =>
      inline.kind === "link" ||
      inline.kind === "break" ||
      (inline.kind === "style" && needsLines(inline.children)),
  );

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 1, displayWidth(cell));
    });
  return widths;
}

function aligned(
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): string {
  const lines = rows.map((row) =>
    widths
      .map((width, column) => pad(row[column] ?? "", width, alignments[column] ?? "left"))
      .join(" | ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)).join("-+-"));
  return lines.join("\n");
}

function pad(text: string, width: number, alignment: Alignment): string {
  const room = Math.max(0, width - displayWidth(text));
  const left = alignment === "right" ? room : alignment === "center" ? Math.floor(room / 2) : 0;
  return " ".repeat(left) + text + " ".repeat(room - left);
}

function writeRecords(writer: TextWriter, { header, rows }: Table): void {
  if (rows.length === 0) {
    writeRecord(writer, [], header);
    return;
  }
  for (const row of rows) {
    const spare = Math.max(0, header.length - row.length);
    writeRecord(writer, header, [...row, ...Array.from({ length: spare }, () => [])]);
    writer.requestBreaks(2);
  }
}

/** `name: value` lines; the first is bold and names the record. */
function writeRecord(
  writer: TextWriter,
  names: readonly TableCell[],
  values: readonly TableCell[],
): void {
  values.forEach((value, column) => {
    writer.requestBreaks(1);
    const name = names[column] ?? [];
    writer.write(column === 0 ? "" : "• ");
    writeInline(writer, name);
    if (plainText(name).trim() !== "") writer.write(": ");
    if (plainText(value).trim() === "") writer.write("—");
    else if (column === 0) writer.mark({ type: "bold" }, () => writeInline(writer, value));
    else writeInline(writer, value);
  });
}
