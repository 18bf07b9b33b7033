// Takes the pictures in docs/screens: each screen of an invented collection, light and dark, on three widths.
//
//     GOLDSTAR_BIN=../target/debug/goldstar node scripts/screens.mjs [part of a name]
//
// A picture is a PNG with as many colours as it can have below 80 KB; `pngquant` must be installed for that.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

const BYTES_MAX = 80_000;
const binary = process.env.GOLDSTAR_BIN;
if (!binary) throw new Error('Set GOLDSTAR_BIN to the goldstar binary whose page is to be shown.');
const wanted = process.argv[2] ?? '';
const target = new URL('../../docs/screens/', import.meta.url).pathname;

const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** How one gets to each screen by key, from the table at a row that nobody has starred. */
const screens = {
  table: async () => {},
  inspector: async (page) => {
    await press(page, 'o');
    await page.locator('.markdown').first().waitFor();
  },
  star: async (page) => {
    // A digit leads on to the tags.
    await press(page, 's', '9');
    await page.keyboard.type('senior,');
    await press(page, 'Tab');
  },
  search: async (page) => {
    await press(page, '/');
    await page.keyboard.type('leadership score:8..10');
    await press(page, 'Enter');
  },
  palette: async (page) => {
    await press(page, 'Control+k');
    await page.keyboard.type('unrev');
    await page.getByRole('option').first().waitFor();
  },
  keys: (page) => press(page, '?'),
  settings: (page) => press(page, 'Control+,'),
  charts: async (page) => {
    await press(page, 'g', 'c');
    await page.locator('a.mark').first().waitFor();
  },
  'charts-models': async (page) => {
    await screens.charts(page);
    await page.getByRole('article', { name: 'Model against model' }).scrollIntoViewIfNeeded();
    await page.locator('#charts').evaluate((charts) => {
      const top = charts.querySelectorAll('article')[2].offsetTop;
      charts.scrollTo(0, top - charts.offsetTop - 14);
    });
  },
  agreement: async (page) => {
    await press(page, 'g', 'r');
    await page.locator('a.mark').first().waitFor();
  },
  'agreement-tags': async (page) => {
    await screens.agreement(page);
    await page.locator('#agreement').evaluate((board) => {
      const [tags] = [...board.querySelectorAll('article')].slice(4);
      board.scrollTo(0, tags.offsetTop - board.offsetTop - 14);
    });
  },
};

const folder = mkdtempSync(join(tmpdir(), 'goldstar-screens-'));
const data = join(folder, 'hiring');
execFileSync(binary, ['demo', data, '--records', '500', '--models', '3', '--seed', '7']);
let server = serve();
const browser = await chromium.launch({
  executablePath: process.env.GOLDSTAR_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  await judge(await address(server));
  server = await backdate();
  const url = await address(server);
  mkdirSync(target, { recursive: true });
  for (const [name, go] of Object.entries(screens)) await everywhere(url, name, go);
  // From here on nobody is let in without a token.
  execFileSync(binary, ['reviewer', 'add', 'ada', '--role', 'admin', '--data', data]);
  await everywhere(url, 'sign-in');
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function everywhere(url, name, go) {
  if (!name.includes(wanted)) return;
  for (const [width, height] of sizes) {
    for (const colorScheme of ['light', 'dark']) {
      await take(url, { width, height }, colorScheme, go, `${name}-${colorScheme}-${width}.png`);
    }
  }
}

async function take(url, viewport, colorScheme, go, file) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${url}/#row=38`);
  if (go) {
    await page.locator('[role=row].here .star button').waitFor();
    await go(page);
  } else {
    await page.getByLabel('Token').waitFor();
  }
  await page.waitForTimeout(500);
  const picture = small(await page.screenshot());
  writeFileSync(join(target, file), picture);
  console.log(`${file} ${Math.round(picture.length / 1000)} KB`);
  await context.close();
}

function small(png) {
  let picture = png;
  for (const colours of ['128', '64', '48', '32', '24', '16']) {
    picture = execFileSync('pngquant', ['--strip', '--nofs', colours, '-'], { input: png });
    if (picture.length < BYTES_MAX) break;
  }
  return picture;
}

/** Stars of two people and an agent, the same ones each time. */
async function judge(url) {
  const { records } = await (await fetch(`${url}/api/records?limit=500`)).json();
  const tags = ['senior', 'tech', 'leadership', 'concise', 'needs-source', 'wrong fact'];
  const judges = [
    ['ada', 'human'],
    ['ben', 'human'],
    ['judge-1', 'agent'],
  ];
  for (const [i, row] of records.entries()) {
    // Every fifth row is left open, and the one that the pictures show.
    if (i % 5 === 2 || i > 310) continue;
    const good = row.outputs.filter(({ state }) => state === 'ok');
    for (const [j, { model }] of good.slice(0, 1 + (i % 3)).entries()) {
      // A hash of the place instead of chance.
      const dice = ((i * 2_654_435_761 + j * 977_777_777) >>> 7) % 100;
      const [starred_by, kind] = judges[(i + j) % 3];
      const quality_score = Math.max(1, Math.min(10, 9 - j - Math.floor((dice * dice) / 2200)));
      const body = {
        custom_id: row.custom_id,
        model,
        quality_score,
        starred_by,
        kind,
        tags: dice % 2 ? [tags[dice % 6]] : [tags[dice % 3], tags[3 + (dice % 3)]],
      };
      await star(url, body);
    }
    if (i % 3 === 0 && good[0]) await shared(url, row.custom_id, good[0].model, i);
  }
}

/** What three people, of whom one is harsh and one careless, and an agent make of the same output. */
async function shared(url, custom_id, model, i) {
  const worth = 4 + (((i * 2_654_435_761) >>> 9) % 6);
  const chance = (salt, n) => (((i + 1) * salt) >>> 11) % n;
  const given = [
    ['ada', worth],
    ['ben', worth + chance(2_246_822_519, 7) - 3],
    ['cleo', worth - 2 + chance(3_266_489_917, 2)],
    ['judge-1', worth + chance(668_265_263, 3) - 1],
  ];
  for (const [j, [starred_by, score]] of given.entries()) {
    const tags = [
      ...(i % 2 === 0 || chance(374_761_393 + j, 12) === 0 ? ['leadership'] : []),
      ...(chance(2_246_822_519 + 97 * j, 3) === 0 ? ['concise'] : []),
      ...(worth > 6 !== (chance(3_266_489_917 + j, 6) === 0) ? ['senior'] : []),
    ];
    const quality_score = Math.max(1, Math.min(10, score));
    const kind = starred_by === 'judge-1' ? 'agent' : 'human';
    await star(url, { custom_id, model, quality_score, starred_by, kind, tags });
  }
}

async function star(url, body) {
  const answer = await fetch(`${url}/api/gold-star`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function serve() {
  return spawn(binary, ['serve', '--data', data, '--port', '0']);
}

/** Spreads the stars over three days of an invented past, as people give them; returns a new server. */
async function backdate() {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await gone;
  const journal = join(data, 'gold_star', 'starred.jsonl');
  const begin = Date.parse('2026-03-02T08:00:00Z');
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  const dated = lines.map((line, i) => {
    const [session, within] = [Math.floor(i / 90), i % 90];
    const hours = Math.floor(session / 2) * 24 + (session % 2) * 5;
    const at = new Date(begin + hours * 3_600_000 + within * (70 + (i % 7) * 9) * 1000);
    return JSON.stringify({ ...JSON.parse(line), starred_at: at.toISOString() });
  });
  writeFileSync(journal, `${dated.join('\n')}\n`);
  return serve();
}

function address({ stdout, stderr }) {
  return new Promise((found) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const place = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (place) found(place[0]);
    };
    stdout.on('data', listen);
    stderr.on('data', listen);
  });
}
