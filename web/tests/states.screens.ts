import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Site } from '../fixtures/staticServer.ts';
import { contextFor, DIST, expectAccessible, expectTargets, launch, openPage, settle, shot, type Look } from './browser.ts';

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve(DIST)]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const LOOKS: readonly (Look & { readonly name: string })[] = [
  { name: 'desktop', device: 'desktop' },
  { name: 'phone', device: 'phone' },
  { name: 'desktop-dark', device: 'desktop', theme: 'dark' },
  { name: 'phone-dark-es', device: 'phone', theme: 'dark', locale: 'es-ES' },
];

interface State {
  readonly name: string;
  readonly path: string;
  /** Goes on from the first screen to the state. */
  readonly then?: (page: Page) => Promise<void>;
}

let visit = 0;
/** A room of its own for each visit, so that no test meets another's entries. */
const sign = (token: string) => `/sign/env_k3v9x2m7q1w8#token=${token}-${String((visit += 1))}`;

const pressNext = async (page: Page) => {
  await page.locator('.next-action').click();
};
const openMark = (tab: number) => async (page: Page) => {
  await page.locator('.of-signature button').first().click();
  await page.locator('[role=tab]').nth(tab).click();
};
const more = (item: number) => async (page: Page) => {
  await page.locator('.menu summary').click();
  await page.locator('.menu li button').nth(item).click();
};

const SIGNING: readonly State[] = [
  { name: 'arrive', path: 'arrive' },
  { name: 'consent', path: 'consent' },
  {
    name: 'consent-not-ticked',
    path: 'consent',
    then: async (page) => {
      await page.locator('.consent-form [type=submit]').click();
    },
  },
  {
    name: 'otp',
    path: 'otp',
  },
  {
    name: 'otp-wrong',
    path: 'otp',
    then: async (page) => {
      await page.locator('.otp .primary').click();
      await page.locator('.code-input').fill('000000');
      await page.locator('.code-form .field-error').filter({ hasText: /4/ }).waitFor();
    },
  },
  { name: 'otp-locked', path: 'locked' },
  { name: 'review', path: 'review' },
  {
    name: 'review-next',
    path: 'review',
    then: async (page) => {
      await pressNext(page);
    },
  },
  { name: 'review-filled', path: 'filled', then: async (page) => page.locator('[data-page="3"]').scrollIntoViewIfNeeded() },
  {
    name: 'review-text',
    path: 'review',
    then: async (page) => {
      await page.locator('#view-text').click();
      await page.locator('.text-page').nth(2).locator('.field-form').first().waitFor();
    },
  },
  {
    name: 'review-list',
    path: 'review',
    then: async (page) => {
      const count = page.locator('.dock-count');
      if (await count.count()) await count.click();
    },
  },
  { name: 'review-menu', path: 'review', then: async (page) => page.locator('.menu summary').click() },
  { name: 'mark-draw', path: 'review', then: openMark(0) },
  { name: 'mark-type', path: 'review', then: openMark(1) },
  { name: 'mark-upload', path: 'review', then: openMark(2) },
  { name: 'decline', path: 'review', then: more(2) },
  { name: 'later', path: 'review', then: more(1) },
  {
    name: 'confirm',
    path: 'filled',
    then: async (page) => {
      await pressNext(page);
      await page.locator('.sign-button:not([disabled])').waitFor();
    },
  },
  { name: 'done', path: 'done' },
  { name: 'done-complete', path: 'complete' },
  { name: 'stop-link-invalid', path: 'invalid' },
  { name: 'stop-session-ended', path: 'ended' },
  { name: 'stop-voided', path: 'voided' },
  { name: 'stop-expired', path: 'expired' },
  { name: 'stop-declined', path: 'declined' },
  { name: 'stop-declined-by-other', path: 'otherdeclined' },
  { name: 'stop-closed', path: 'closed' },
  { name: 'stop-waiting', path: 'waiting' },
  { name: 'stop-unsupported', path: 'biometric' },
  { name: 'stop-server', path: 'broken' },
];

async function begin(page: Page): Promise<void> {
  // Rooms that nobody has entered before greet first; these tests go on unless the greeting is what they look at.
  await page.locator('.card, .review').first().waitFor();
}

async function expectGood(page: Page, complaints: readonly string[]): Promise<void> {
  await settle(page);
  await expectAccessible(page);
  await expectTargets(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
}

describe.each(LOOKS)('on $name', ({ name: look, ...wanted }) => {
  test.each(SIGNING)('the signing page shows $name', async ({ name, path, then }) => {
    const context = await contextFor(browser, wanted);
    const { page, complaints } = await openPage(context, site.url + sign(path));
    try {
      await begin(page);
      await then?.(page);
      await settle(page);
      await shot(page, `${name}.${look}`);
      expect(page.url()).not.toContain('token');
      await expectGood(page, complaints);
    } finally {
      await context.close();
    }
  });

  test.each(['genuine', 'altered', 'unsigned', 'crash'])('the verify page shows a file that is %s', async (kind) => {
    const context = await contextFor(browser, wanted);
    const { page, complaints } = await openPage(context, `${site.url}/verify`);
    try {
      await page.locator('.drop-zone').waitFor();
      if (kind === 'genuine') await shot(page, `verify.${look}`);
      await expectGood(page, complaints);
      const file = { name: `${kind}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7 ${kind}`) };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.locator('.verdict, .notice').first().waitFor();
      await settle(page);
      await shot(page, `verify-${kind.replace(' ', '-')}.${look}`);
      await expectGood(page, complaints);
    } finally {
      await context.close();
    }
  });

  test.each(['/', '/nowhere'])('the landing page shows %s', async (path) => {
    const context = await contextFor(browser, wanted);
    const { page, complaints } = await openPage(context, site.url + path);
    try {
      await page.locator('.card').waitFor();
      await settle(page);
      await shot(page, `home${path.replace('/', '-')}.${look}`);
      await expectGood(page, complaints);
    } finally {
      await context.close();
    }
  });
});
