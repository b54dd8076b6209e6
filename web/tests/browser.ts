import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';

export const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const SHOTS = process.env['SCREENS_DIR'] ?? fileURLToPath(new URL('../.screens', import.meta.url));

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Device = 'desktop' | 'phone';
export type Theme = 'light' | 'dark';

export function launch(): Promise<Browser> {
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

export interface Look {
  readonly device?: Device;
  readonly theme?: Theme;
  readonly locale?: string;
}

export function contextFor(browser: Browser, { device = 'desktop', theme = 'light', locale = 'en-GB' }: Look) {
  const phone = device === 'phone';
  return browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 860 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    colorScheme: theme,
    locale,
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
}

/** Opens a page and collects everything it complains about; `complaints` must stay empty. */
export async function openPage(context: BrowserContext, url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // Refusals that a fixture gives on purpose are noted by the browser as failed loads.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
  });
  await page.goto(url);
  return { page, complaints };
}

/** Waits until pictures, faces and motion have come to rest. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.fonts.status === 'loaded' &&
      [...document.images].every((image) => image.complete) &&
      !document.querySelector('.opening, .page-loading, .checking'),
  );
}

export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** WCAG 2.2 AA as far as a machine can tell. Run from the test's side, so the page's own policy stays as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await page.evaluate(
    async ([source, tags]) => {
      // The page forbids strings as code; the debugger, through which this runs, may.
      if (!('axe' in window)) (0, eval)(source);
      const { axe } = window as unknown as { axe: { run(o: object): Promise<{ violations: Finding[] }> } };
      const { violations } = await axe.run({ runOnly: tags });
      return violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 4) }));
    },
    [AXE, TAGS] as const,
  );
  const report = found.map(
    ({ id, nodes }) => `${id}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`,
  );
  expect(report).toEqual([]);
}

/** Every control is at least 24 px in both directions, or has its label or a sheet's touch reach around it. */
export async function expectTargets(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], select, summary, input:not([type=file])')]
      .filter((element) => element.checkVisibility() && !element.closest('.field, label, .skip, [inert]'))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > 0 && (width < 24 || height < 24);
      })
      .map((element) => element.outerHTML.slice(0, 160)),
  );
  expect(small).toEqual([]);
}
