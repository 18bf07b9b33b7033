// Measures the table under a minute of mixed scrolling: node scripts/scale.mjs, with GOLDSTAR_URL naming a server.
//
// Prints frames, events and the heap; asserts nothing, because a number depends on the machine it was measured on.
import { chromium } from '@playwright/test';

const url = process.env.GOLDSTAR_URL;
const part = (Number(process.env.SECONDS ?? 60) * 1000) / 3;
if (!url)
  throw new Error('Set GOLDSTAR_URL to the address of a server, such as http://127.0.0.1:8001/');

const browser = await chromium.launch({
  executablePath: process.env.GOLDSTAR_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(url);
await page.waitForSelector('[data-row="0"] .name .who');
await page.evaluate(watch);

const box = await page.locator('[role=grid]').boundingBox();
const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
await page.mouse.move(middle.x, middle.y);

const parts = [
  ['wheel', wheel],
  ['thumb', thumb],
  ['j held', held],
];
console.log(
  `rows ${await page.getAttribute('[role=grid]', 'aria-rowcount')}, ${part / 1000} s each`,
);
for (const [name, act] of parts) {
  await page.evaluate(() => globalThis.measured.clear());
  await act(performance.now() + part);
  report(name, await page.evaluate(() => globalThis.measured.take()));
}
report('all', await page.evaluate(() => globalThis.measured.all()));
console.log(`heap ${(await heap()).toFixed(1)} MB after garbage collection`);
await ends();
await browser.close();

/** Small and great turns of the wheel, to and fro. */
async function wheel(until) {
  for (let i = 0; performance.now() < until; i++) {
    await page.mouse.wheel(0, (i % 40 < 28 ? 1 : -1) * [60, 240, 900, 2400][i % 4]);
    await page.waitForTimeout(16);
  }
}

/** The thumb of the scrollbar, drawn over the whole height and back; set past the bar, which headless browsers hide. */
async function thumb(until) {
  for (let i = 0; performance.now() < until; i++) {
    const at = (1 - Math.cos(i / 40)) / 2;
    await page.evaluate((share) => {
      const grid = document.querySelector('[role=grid]');
      grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
    }, at);
    await page.waitForTimeout(16);
  }
}

/** The key as a keyboard repeats it: thirty times a second. */
async function held(until) {
  await page.locator('[role=grid]').focus();
  while (performance.now() < until) {
    const began = performance.now();
    await page.keyboard.down('j');
    await page.waitForTimeout(Math.max(0, 33 - (performance.now() - began)));
  }
  await page.keyboard.up('j');
}

async function heap() {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 1e6;
}

/** Both ends are reached, and what stands there is shown. */
async function ends() {
  const last = Number(await page.getAttribute('[role=grid]', 'aria-rowcount')) - 2;
  for (const [key, row] of [
    ['Control+End', last],
    ['Control+Home', 0],
  ]) {
    const began = performance.now();
    await page.keyboard.press(key);
    await page.waitForSelector(`[data-row="${row}"] .name .who`);
    console.log(`${key}: row ${row + 1} after ${Math.round(performance.now() - began)} ms`);
  }
}

function report(name, { frames, events }) {
  const at = (list, share) => {
    const sorted = [...list].sort((a, b) => a - b);
    return sorted.length === 0 ? '-' : sorted[Math.floor((sorted.length - 1) * share)].toFixed(0);
  };
  const line = (list) => `p50 ${at(list, 0.5)} p95 ${at(list, 0.95)} p98 ${at(list, 0.98)}`;
  console.log(
    `${name.padEnd(7)} frames ${frames.length}: ${line(frames)} max ${at(frames, 1)} ms; ` +
      `events ${events.length}: ${line(events)} max ${at(events, 1)} ms`,
  );
}

// Runs in the page.
function watch() {
  let [frames, events] = [[], []];
  const all = { frames: [], events: [] };
  let before = performance.now();
  const tick = (now) => {
    frames.push(now - before);
    before = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) events.push(entry.duration);
  });
  observer.observe({ type: 'event', durationThreshold: 16 });
  globalThis.measured = {
    clear: () => ([frames, events] = [[], []]),
    take: () => {
      all.frames.push(...frames);
      all.events.push(...events);
      return { frames, events };
    },
    all: () => all,
  };
}
