const namespace = "http://www.w3.org/2000/svg";

/** Builds an element of a drawing; every property is an attribute. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

const round = (value) => Math.round(value * 10) / 10;

/** A few bars without words, for a table. */
export function sparkline(values, { width, height, label }) {
  const highest = Math.max(1, ...values);
  const step = width / values.length;
  const bars = values.flatMap((value, index) => {
    if (value === 0) return [];
    const tall = Math.max(2, (value / highest) * (height - 2));
    return [
      svg("rect", {
        x: round(index * step),
        y: round(height - 1 - tall),
        width: round(Math.max(1, step - 0.6)),
        height: round(tall),
        rx: 0.6,
      }),
    ];
  });
  const base = svg("line", { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 });
  return svg(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": label,
    },
    base,
    ...bars,
  );
}
