import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { serve } from '../fixtures/staticServer.ts';
import { DIST } from './browser.ts';

const SCRIPT = fileURLToPath(new URL('../e2e/two-signers.mjs', import.meta.url));

test('the script of two signers passes against the fixtures', async () => {
  const site = await serve(DIST);
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [SCRIPT, '/sign/env_k3v9x2m7q1w8#token=simple-first', '/sign/env_k3v9x2m7q1w8#token=simple-second'],
      { env: { ...process.env, BASE_URL: site.url, SCREENSHOTS: fileURLToPath(new URL('../.screens/e2e', import.meta.url)) } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  } finally {
    await site.close();
  }
}, 120_000);
