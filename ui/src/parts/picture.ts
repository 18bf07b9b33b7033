// A chart as a file: the SVG with its colours written into it, and the PNG painted from that.
//
// The content security policy lets no picture be loaded from `blob:`, so the SVG is painted by hand. It knows the few
// elements that the charts are made of: g, rect, circle, line and text.

const SVG = 'http://www.w3.org/2000/svg';
const EDGE = 24;
const HEAD = 34;
const LINE = 18;
const STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'fill-opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];

/** The chart by itself: with title, sentence and ground, and without links and what only a screen needs. */
export function pictureOf(chart: SVGSVGElement, title: string, reading: string): SVGSVGElement {
  const width = Number(chart.getAttribute('width'));
  const lines = wrapped(reading, width / 6.4);
  const top = EDGE + HEAD + lines.length * LINE;
  const style = getComputedStyle(chart);
  const font = { 'font-family': style.fontFamily, fill: style.color };
  const picture = element('svg', {
    xmlns: SVG,
    width: width + 2 * EDGE,
    height: top + Number(chart.getAttribute('height')) + EDGE,
  }) as SVGSVGElement;
  picture.setAttribute('viewBox', `0 0 ${width + 2 * EDGE} ${picture.getAttribute('height')}`);
  picture.append(
    element('title', {}, title),
    element('rect', { width: '100%', height: '100%', fill: groundOf(chart) }),
    element('text', { ...font, x: EDGE, y: EDGE + 14, 'font-size': 17, 'font-weight': 600 }, title),
    ...lines.map((line, i) =>
      element('text', { ...font, x: EDGE, y: EDGE + 36 + i * LINE, 'font-size': 13 }, line),
    ),
  );
  const body = element('g', { transform: `translate(${EDGE} ${top})` });
  body.append(...[...chart.children].flatMap(copied));
  picture.append(body);
  return picture;
}

export const svgFile = (picture: SVGSVGElement) =>
  new Blob([new XMLSerializer().serializeToString(picture)], { type: 'image/svg+xml' });

export function pngFile(picture: SVGSVGElement, scale = 2): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const [width, height] = ['width', 'height'].map((side) => Number(picture.getAttribute(side)));
  canvas.width = width! * scale;
  canvas.height = height! * scale;
  const context = canvas.getContext('2d');
  if (!context) return Promise.reject(new Error('no canvas'));
  context.scale(scale, scale);
  paint(context, picture, { width: width!, height: height! });
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png'),
  );
}

/** Hands a file to the browser, which keeps it where it keeps downloads. */
export function save(name: string, file: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function copied(source: Element): Element[] {
  if (source.classList.contains('hit')) return [];
  const isLink = source.localName === 'a';
  const copy = element(isLink ? 'g' : source.localName, {});
  for (const { name, value } of isLink ? [] : source.attributes) {
    if (!/^(class|tabindex|aria-|role)/.test(name)) copy.setAttribute(name, value);
  }
  if (['g', 'a'].includes(source.localName)) {
    copy.append(...[...source.children].flatMap(copied));
    return [copy];
  }
  const style = getComputedStyle(source);
  for (const name of STYLES) {
    const value = style.getPropertyValue(name);
    const isOfText = name.startsWith('font') || name === 'text-anchor';
    if (value && value !== 'none' && (source.localName === 'text' || !isOfText)) {
      copy.setAttribute(name, value);
    }
  }
  copy.textContent = source.textContent.trim();
  return [copy];
}

type Size = { width: number; height: number };

function paint(context: CanvasRenderingContext2D, node: Element, size: Size): void {
  const number = (name: string, whole = 0) => {
    const value = node.getAttribute(name) ?? '';
    return value === '100%' ? whole : Number.parseFloat(value) || 0;
  };
  context.save();
  const [, x, y] = /translate\(([\d.-]+)[ ,]+([\d.-]+)\)/.exec(
    node.getAttribute('transform') ?? '',
  ) ?? [0, 0, 0];
  context.translate(Number(x), Number(y));
  context.fillStyle = node.getAttribute('fill') ?? '#000';
  context.globalAlpha = Number(node.getAttribute('fill-opacity') ?? 1);
  if (node.localName === 'rect') {
    const { width, height } = size;
    const box = [number('x'), number('y'), number('width', width), number('height', height)];
    context.beginPath();
    context.roundRect(...(box as [number, number, number, number]), number('rx'));
    context.fill();
  } else if (node.localName === 'circle') {
    context.beginPath();
    context.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
    context.fill();
  } else if (node.localName === 'line') {
    context.strokeStyle = node.getAttribute('stroke') ?? '#000';
    context.lineWidth = number('stroke-width') || 1;
    context.setLineDash(
      (node.getAttribute('stroke-dasharray') ?? '').match(/[\d.]+/g)?.map(Number) ?? [],
    );
    context.beginPath();
    context.moveTo(number('x1'), number('y1'));
    context.lineTo(number('x2'), number('y2'));
    context.stroke();
  } else if (node.localName === 'text') {
    const weight = node.getAttribute('font-weight') ?? '400';
    context.font = `${weight} ${number('font-size')}px ${node.getAttribute('font-family')}`;
    const anchors = { middle: 'center', end: 'right' } as Record<string, CanvasTextAlign>;
    context.textAlign = anchors[node.getAttribute('text-anchor') ?? ''] ?? 'left';
    context.fillText(node.textContent, number('x'), number('y'));
  } else {
    for (const child of node.children) paint(context, child, size);
  }
  context.restore();
}

function element(name: string, attributes: Record<string, string | number>, text = ''): Element {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}

function groundOf(node: Element): string {
  for (let above: Element | null = node; above; above = above.parentElement) {
    const { backgroundColor } = getComputedStyle(above);
    if (backgroundColor && !/^(transparent|rgba\(0, 0, 0, 0\))$/.test(backgroundColor)) {
      return backgroundColor;
    }
  }
  return '#fff';
}

function wrapped(text: string, signs: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last && last.length + word.length + 1 > signs) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
