// Two people sign one envelope through the real pages: the first on a desktop with a drawn signature, the second on a
// 390 px phone with a typed one.
//
//   BASE_URL=http://127.0.0.1:8080 node e2e/two-signers.mjs FIRST_LINK SECOND_LINK
//
// Links may be whole addresses or paths below BASE_URL. Pictures go to SCREENSHOTS (default: ./e2e-screenshots).
// CHROMIUM names the browser, OUTBOX the folder of the local outbox, from which one-time codes are read. Ends with one
// JSON line on stdout; exit code 1 and a reason on stderr when anything is not as it should be.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const WAIT_MS = 30_000;
const STEPS_MAX = 400;
const out = resolve(process.env.SCREENSHOTS ?? 'e2e-screenshots');
const links = process.argv.slice(2).map((link) => new URL(link, process.env.BASE_URL ?? 'http://127.0.0.1:8080').href);
if (links.length !== 2) {
  console.error('usage: BASE_URL=… node e2e/two-signers.mjs FIRST_LINK SECOND_LINK');
  process.exit(2);
}

const DESKTOP = { viewport: { width: 1280, height: 860 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const pictures = [];

async function picture(page, name) {
  const path = join(out, `${name}.png`);
  await page.waitForFunction(
    () => document.fonts.status === 'loaded' && !document.querySelector('.page-loading, .opening'),
  );
  await page.screenshot({ path });
  pictures.push(path);
}

/** Whatever of these comes first. */
const SCREENS = '.card.arrive, .card.consent, .card.otp, .review, .card.done, .card.stop';

async function screenOf(page) {
  const screen = page.locator(SCREENS).first();
  await screen.waitFor();
  return (await screen.getAttribute('class')).replace(/^card | centred/g, '').split(' ')[0];
}

/** Leaves a screen by `act` and waits until it is gone. */
async function leave(page, selector, act) {
  const screen = page.locator(selector);
  await act(screen);
  await screen.waitFor({ state: 'detached' });
}

async function newestCode() {
  if (!process.env.OUTBOX) throw new Error('a one-time code is asked for; name the outbox folder in OUTBOX');
  const names = (await readdir(process.env.OUTBOX)).filter((name) => name.endsWith('.json')).sort();
  for (const name of names.reverse()) {
    const message = JSON.parse(await readFile(join(process.env.OUTBOX, name), 'utf8'));
    const code = message.kind === 'otp' && /\b\d{6}\b/.exec(message.text);
    if (code) return code[0];
  }
  throw new Error('no one-time code in the outbox');
}

async function confirmCode(page, card) {
  await card.locator('button.primary').click();
  const input = card.locator('.code-input');
  await input.waitFor();
  await input.fill(await newestCode());
  const confirm = card.locator('.code-form [type=submit]');
  // Six digits at once are sent off by themselves.
  if (await confirm.isEnabled()) await confirm.click({ timeout: 2_000 }).catch(() => undefined);
}

async function draw(page) {
  const pad = page.locator('dialog .pad canvas');
  await pad.waitFor();
  const box = await pad.boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  const strokes = [
    [[0.12, 0.7], [0.2, 0.25], [0.28, 0.72], [0.34, 0.5], [0.42, 0.68], [0.5, 0.45], [0.6, 0.66], [0.74, 0.4]],
    [[0.18, 0.52], [0.3, 0.47], [0.55, 0.5], [0.86, 0.36]],
  ];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(...first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(...point), { steps: 8 });
    await page.mouse.up();
  }
}

/** Makes the mark in the dialog that is open. */
async function makeMark(page, person) {
  const tab = page.locator('dialog [role=tab]').nth(person.way === 'draw' ? 0 : 1);
  await tab.click();
  if (person.way === 'draw') await draw(page);
  else await page.locator('dialog .face-choice').nth(2).click();
  if (!person.markShown) {
    await picture(page, `${person.name}-4-signature`);
    person.markShown = true;
  }
  await leave(page, 'dialog', (dialog) => dialog.locator('.actions button.primary').click());
}

const TEXTS = { text: 'As agreed', phone: '+1 555 010 0199', date: '1988-04-11' };

async function fillControl(control, type) {
  const tag = await control.evaluate((element) => element.tagName);
  if (tag === 'SELECT') await control.selectOption({ index: 1 });
  else if (type === 'checkbox' || type === 'radio') await control.check();
  else await control.fill(TEXTS[type] ?? TEXTS.text);
}

/** Fills the field that the page has led to. */
async function fillField(page, id, person) {
  const control = page.locator(`#field-${id}`);
  const box = page.locator('.field', { has: control });
  const type = /of-(\w+)/.exec(await box.getAttribute('class'))[1];
  if (type === 'signature' || type === 'initials') {
    await control.click();
    // Somebody who has signed before places the same signature with one tap.
    await page.locator(`dialog, .field.filled #field-${id}`).first().waitFor();
    if (await page.locator('dialog').count()) await makeMark(page, person);
  } else if (person.phone && type !== 'checkbox') {
    const inside = page.locator('dialog .field-form').locator('input, select, textarea').first();
    if ((await page.locator('dialog').count()) === 0) await control.click();
    await inside.waitFor();
    await fillControl(inside, type);
    await leave(page, 'dialog', (dialog) => dialog.locator('[type=submit]').click());
  } else {
    await fillControl(control, type);
  }
  await page.locator(`.field.filled #field-${id}`).waitFor();
}

async function review(page, person) {
  await page.locator('.page-image').first().waitFor();
  await picture(page, `${person.name}-3-document`);
  const next = page.locator('.next-action');
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const id = await next.getAttribute('data-next');
    if (id === 'sign') break;
    await next.click();
    await page.locator('.field.pointed', { has: page.locator(`#field-${id}`) }).waitFor();
    await fillField(page, id, person);
    await page.locator(`.next-action:not([data-next="${id}"])`).waitFor();
  }
  await picture(page, `${person.name}-5-filled`);
  await next.click();
  await page.locator('dialog .sign-button:not([disabled])').waitFor();
  await picture(page, `${person.name}-6-confirm`);
  await page.locator('dialog .sign-button').click();
  await page.locator('.card.done').waitFor();
}

const ACTS = {
  arrive: async (page, person) => {
    await picture(page, `${person.name}-1-arrive`);
    await leave(page, '.card.arrive', (card) => card.locator('button.primary').click());
  },
  consent: async (page, person) => {
    await picture(page, `${person.name}-2-consent`);
    await leave(page, '.card.consent', async (card) => {
      await card.locator('.consent-form input[type=checkbox]').check();
      await card.locator('.consent-form [type=submit]').click();
    });
  },
  otp: (page) => leave(page, '.card.otp', (card) => confirmCode(page, card)),
  review,
};

async function sign(browser, person, link) {
  const context = await browser.newContext({ ...person.device, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  try {
    await page.goto(link);
    for (let screen = await screenOf(page); screen !== 'done'; screen = await screenOf(page)) {
      if (!ACTS[screen]) throw new Error(`stopped at: ${await page.locator('h1').first().innerText()}`);
      await ACTS[screen](page, person);
    }
    if (page.url().includes('token')) throw new Error('the token is still in the address');
    await picture(page, `${person.name}-7-done`);
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join(' | ')}`);
    return await page.locator('.card.done [role=status]').innerText();
  } catch (error) {
    await page.screenshot({ path: join(out, `${person.name}-failed.png`) }).catch(() => undefined);
    throw new Error(`${person.name}: ${error.message}`, { cause: error });
  } finally {
    await context.close();
  }
}

await mkdir(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const first = await sign(browser, { name: 'first', way: 'draw', device: DESKTOP }, links[0]);
  const second = await sign(browser, { name: 'second', way: 'type', device: PHONE, phone: true }, links[1]);
  console.log(JSON.stringify({ ok: true, first, second, screenshots: pictures }));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
