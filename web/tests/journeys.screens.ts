import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Site } from '../fixtures/staticServer.ts';
import { contextFor, DIST, expectAccessible, launch, openPage, settle, shot, type Look } from './browser.ts';

let browser: Browser;
let site: Site;
let context: BrowserContext;
let visit = 0;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve(DIST)]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
beforeEach(() => {
  visit += 1;
});
afterEach(() => context.close());

async function open(state: string, look: Look = {}): Promise<Page> {
  context = await contextFor(browser, look);
  const { page } = await openPage(context, `${site.url}/sign/env_k3v9x2m7q1w8#token=${state}-journey${String(visit)}`);
  await page.locator('.card, .review').first().waitFor();
  return page;
}

const phoneField = '#field-fld_000000000001';
const signButton = 'dialog .sign-button:not([disabled])';

async function confirm(page: Page): Promise<void> {
  await page.locator('.next-action').click();
  await page.locator(signButton).waitFor();
}

describe('a lost network', () => {
  test('while filling in keeps the entries and saves them when it returns', async () => {
    const page = await open('review');
    await context.setOffline(true);
    await page.locator(phoneField).fill('+1 555 010 0199');
    await page.locator('.save-chip.waiting').waitFor();
    await shot(page, 'offline.desktop');
    await context.setOffline(false);
    await page.locator('.save-chip.saved').waitFor();
    expect(await page.locator(phoneField).inputValue()).toBe('+1 555 010 0199');
  });

  test('that swallows the answer to signing ends in the truth: signed', async () => {
    const page = await open('filled');
    let asked = 0;
    await page.route('**/api/signing/complete', async (route) => {
      asked += 1;
      // The server signs; its answer never arrives.
      await route.fetch();
      await route.abort('connectionreset');
    });
    await confirm(page);
    await page.locator(signButton).click();
    await page.locator('.card.done').waitFor();
    expect(asked).toBe(1);
  });

  test('that swallows the request to signing sends it again', async () => {
    const page = await open('filled');
    let asked = 0;
    await page.route('**/api/signing/complete', async (route) => {
      asked += 1;
      if (asked < 3) await route.abort('internetdisconnected');
      else await route.continue();
    });
    await confirm(page);
    await page.locator(signButton).click();
    await page.locator('.card.done').waitFor({ timeout: 20_000 });
    expect(asked).toBe(3);
  });

  test('that stays away says that nothing is known, and never that signing failed', async () => {
    const page = await open('filled');
    await confirm(page);
    await context.setOffline(true);
    await page.locator(signButton).click();
    await page.locator('dialog .notice.warn').waitFor({ timeout: 30_000 });
    await shot(page, 'sign-unknown.desktop');
    await expectAccessible(page);
    await context.setOffline(false);
    await page.locator(signButton).click();
    await page.locator('.card.done').waitFor();
  });

  test('before the document is there is waited for', async () => {
    context = await contextFor(browser, {});
    const page = await context.newPage();
    let online = false;
    await page.route('**/api/signing/session', (route) => (online ? route.continue() : route.abort()));
    await page.goto(`${site.url}/sign/env_k3v9x2m7q1w8#token=arrive-away`);
    await page.locator('.card.stop').waitFor();
    await shot(page, 'stop-offline.desktop');
    online = true;
    await page.locator('.card.stop .primary').click();
    await page.locator('.card.arrive').waitFor();
  });
});

describe('signing', () => {
  test('pressed twice is asked for once', async () => {
    const page = await open('filled');
    let asked = 0;
    page.on('request', (request) => (asked += request.url().endsWith('/complete') ? 1 : 0));
    await confirm(page);
    await page.locator(signButton).dblclick();
    await page.locator('.card.done').waitFor();
    expect(asked).toBe(1);
  });

  test('a document that changed is shown again before it is signed', async () => {
    const page = await open('filled');
    await page.route('**/api/signing/complete', (route) =>
      route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"type":"document-changed"}' }),
    );
    await confirm(page);
    await page.locator(signButton).click();
    await page.locator('.desk-notices .notice').waitFor();
    expect(await page.locator('dialog').count()).toBe(0);
    await settle(page);
    await shot(page, 'document-changed.desktop');
  });

  test('with something missing goes to the field and says so', async () => {
    const page = await open('filled');
    await page.locator('[data-page="3"]').scrollIntoViewIfNeeded();
    await page.locator('#field-fld_000000000005').fill('');
    await page.locator('.next-action:not([data-next=sign])').click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-fld_000000000005');
  });

  test('declined is told and ends', async () => {
    const page = await open('review');
    await page.locator('.menu summary').click();
    await page.locator('.menu li button.danger').click();
    await page.locator('dialog [type=submit]').click();
    await page.locator('dialog .field-error').waitFor();
    await page.locator('dialog textarea').fill('The amount is wrong.');
    await page.locator('dialog [type=submit]').click();
    await page.locator('.card.stop').waitFor();
  });

  test('a page loaded again without its token explains itself', async () => {
    const page = await open('review');
    await page.reload();
    await page.locator('.card.stop').waitFor();
    expect(await page.locator('h1').innerText()).toBe('This link is incomplete');
    await shot(page, 'stop-link-incomplete.desktop');
  });
});

describe('a one-time code', () => {
  test('pasted whole needs no button', async () => {
    const page = await open('otp', { device: 'phone' });
    await page.locator('.otp .primary').click();
    await page.locator('.code-input').fill('123456');
    await page.locator('.review').waitFor();
  });

  test('wrong five times locks the step', async () => {
    const page = await open('otp');
    await page.locator('.otp .primary').click();
    for (const code of ['111111', '222222', '333333', '444444', '555555']) {
      await page.locator('.code-input').fill(code);
      const left = page.locator('.code-form .field-error').filter({ hasText: String(5 - Number(code[0])) });
      await left.or(page.locator('.otp > .notice.bad')).first().waitFor();
    }
    await page.locator('.otp > .notice.bad').waitFor();
    await shot(page, 'otp-locked-now.desktop');
  });
});

describe('the language', () => {
  test('is switched without losing an entry, and the page says which it is', async () => {
    const page = await open('review');
    await page.locator(phoneField).fill('+1 555 010 0199');
    await page.locator('.language select').selectOption('es');
    await page.locator('.segmented').getByText('Leer como texto').waitFor();
    expect(await page.locator(phoneField).inputValue()).toBe('+1 555 010 0199');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
  });
});

describe('drawing', () => {
  async function draw(page: Page): Promise<void> {
    const box = await page.locator('dialog canvas').boundingBox();
    if (!box) throw new Error('no pad');
    await page.mouse.move(box.x + 40, box.y + box.height * 0.7);
    await page.mouse.down();
    for (const [dx, dy] of [[80, 0.2], [120, 0.8], [170, 0.3], [230, 0.7]] as const) {
      await page.mouse.move(box.x + dx, box.y + box.height * dy, { steps: 6 });
    }
    await page.mouse.up();
  }
  const inked = (page: Page) =>
    page.locator('dialog canvas').evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return [...data].filter((value, index) => index % 4 === 3 && value > 0).length;
    });

  test('survives the phone being turned', async () => {
    const page = await open('review', { device: 'phone' });
    await page.locator('.of-signature button').click();
    await page.locator('dialog canvas').waitFor();
    await draw(page);
    const before = await inked(page);
    await page.setViewportSize({ width: 844, height: 390 });
    await page.waitForFunction(() => (document.querySelector('dialog canvas')?.clientWidth ?? 0) > 390);
    await shot(page, 'mark-turned.phone');
    expect(await inked(page)).toBeGreaterThan(before / 8);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('dialog .actions .primary').click();
    await page.locator('.of-signature.filled svg path').first().waitFor();
  });

  test('a slip of the pen is refused with a word, and Type is at hand', async () => {
    const page = await open('review');
    await page.locator('.of-signature button').click();
    await page.locator('dialog .actions .primary').click();
    await page.locator('dialog .mark-dialog > .field-error:not(:empty)').waitFor();
    await shot(page, 'mark-refused.desktop');
    await page.locator('dialog [role=tab]').nth(1).click();
    await page.locator('dialog .actions .primary').click();
    await page.locator('.of-signature.filled').waitFor();
  });

  test('a picture loses its paper and is placed', async () => {
    const page = await open('review');
    const png = await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.width = 600;
      canvas.height = 200;
      const pen = canvas.getContext('2d');
      if (!pen) return '';
      pen.fillStyle = '#e8e4da';
      pen.fillRect(0, 0, 600, 200);
      pen.strokeStyle = '#1a2450';
      pen.lineWidth = 9;
      pen.beginPath();
      pen.moveTo(60, 140);
      pen.bezierCurveTo(140, 10, 200, 220, 300, 80);
      pen.bezierCurveTo(380, 0, 420, 200, 540, 90);
      pen.stroke();
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    });
    await page.locator('.of-signature button').click();
    await page.locator('dialog [role=tab]').nth(2).click();
    const file = { name: 'firma.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') };
    await page.locator('dialog input[type=file]').setInputFiles(file);
    await page.locator('dialog .upload-paper img').waitFor();
    await shot(page, 'mark-uploaded.desktop');
    await page.locator('dialog .actions .primary').click();
    await page.locator('.of-signature.filled img').waitFor();
    await page.locator('.save-chip.saved').waitFor();
  });
});

describe('with the keyboard alone', () => {
  test('a person signs, and is met with the Type tab', async () => {
    const page = await open('simple');
    const focusOn = async (selector: string) => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        if (await page.evaluate((css) => document.activeElement?.matches(css) ?? false, selector)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`no way by Tab to ${selector}`);
    };
    await focusOn('.arrive .primary');
    await page.keyboard.press('Enter');
    await page.locator('.consent').waitFor();
    await focusOn('.consent-form [type=checkbox]');
    await page.keyboard.press('Space');
    await focusOn('.consent-form [type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('.review').waitFor();

    const next = async () => {
      await page.keyboard.press('Tab');
      await focusOn('.next-action');
      await page.keyboard.press('Enter');
    };
    await next();
    await page.keyboard.type('+15550100199');
    await next();
    await page.keyboard.press('ArrowDown');
    await next();
    await page.keyboard.press('Space');
    await next();
    await page.keyboard.type('Ana Ruiz');
    await next();
    await page.keyboard.type('11041988');
    for (const kind of ['signature', 'initials']) {
      await next();
      await page.keyboard.press('Enter');
      await page.locator('dialog [role=tab][aria-selected=true]').filter({ hasText: 'Type' }).waitFor();
      await focusOn('dialog .actions .primary');
      await page.keyboard.press('Enter');
      await page.locator(`.of-${kind}.filled`).waitFor();
    }
    await next();
    await page.locator(signButton).waitFor();
    await focusOn('dialog .sign-button');
    await page.keyboard.press('Enter');
    await page.locator('.card.done').waitFor();
  });

  test('focus follows the reading order of the fields and is never covered', async () => {
    const page = await open('review');
    await settle(page);
    const fields = await page.evaluate(() => [...document.querySelectorAll('.page-sheet [id^=field-fld]')].map((one) => one.id));
    expect(fields).toEqual([...fields].sort());
    const covered: string[] = [];
    for (let tabs = 0; tabs < 45; tabs += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        const { left, top, width, height } = element.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        const seen = hit !== null && (element.contains(hit) || hit.contains(element));
        return seen ? null : `${element.outerHTML.slice(0, 90)} under ${hit?.className ?? 'nothing'}`;
      });
      if (found) covered.push(found);
    }
    expect(covered).toEqual([]);
  });

  test('a dialog closed with Escape gives focus back', async () => {
    const page = await open('review');
    await page.locator('.of-initials button').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.closest('.of-initials') !== null);
  });
});

describe('a finger', () => {
  test('beside a small field reaches it', async () => {
    const page = await open('review', { device: 'phone' });
    await page.locator('.next-action').click();
    await page.locator('dialog .dialog-head .icon-button').click();
    await page.locator('dialog').waitFor({ state: 'detached' });
    const box = await page.locator('#field-fld_000000000002').boundingBox();
    if (!box) throw new Error('no field');
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height + 7);
    await page.locator('dialog select').waitFor();
  });
});

describe('a document of 120 pages', () => {
  test('holds only the pictures near the eye', async () => {
    const page = await open('long');
    await settle(page);
    const pictures = () => page.locator('.page-image').count();
    expect(await pictures()).toBeLessThanOrEqual(6);
    await page.locator('[data-page="80"]').scrollIntoViewIfNeeded();
    await page.locator('[data-page="80"] .page-image').waitFor();
    await expect.poll(pictures).toBeLessThanOrEqual(7);
    await expect.poll(() => page.locator('.page-position').innerText()).toMatch(/Page (79|80|81) of 120/);
  });
});

describe('at 320 px, as at 400 % zoom', () => {
  test.each(['arrive', 'consent', 'otp', 'review', 'done'])('%s needs no sideways scrolling', async (state) => {
    const page = await open(state);
    await page.setViewportSize({ width: 320, height: 420 });
    if (state === 'review') {
      await page.locator('#view-text').click();
      await page.locator('.text-page p').first().waitFor();
    }
    await settle(page);
    await shot(page, `${state}.narrow`);
    const wide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.desk, .card')].filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.className),
    );
    expect(wide).toEqual([]);
  });
});
