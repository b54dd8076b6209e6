// Fails the build when a page's first load grows past its budget (gzip, fonts aside).
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const BUDGETS = {
  'sign.html': { js: 40 * KB, css: 10 * KB },
  'verify.html': { js: 30 * KB, css: 8 * KB },
  'index.html': { js: 25 * KB, css: 8 * KB },
};
const dist = new URL('../dist/', import.meta.url);
const size = (path) => gzipSync(readFileSync(new URL(`.${path}`, dist))).length;
const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`;

/** What the page names, what those files import, and the one language it will ask for. */
function scriptsOf(entry) {
  const seen = new Set();
  const follow = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const code = readFileSync(new URL(`.${path}`, dist), 'utf8');
    for (const [, name] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) follow(`/assets/${name}`);
    const lazy = [...code.matchAll(/import\(["'`]\.\/([\w.-]+\.js)["'`]\)/g)].map(([, name]) => `/assets/${name}`);
    const languages = lazy.filter((name) => /\.(en|es)-/.test(name)).sort((a, b) => size(b) - size(a));
    if (languages[0]) follow(languages[0]);
  };
  entry.forEach(follow);
  return [...seen];
}

let over = false;
for (const [page, budget] of Object.entries(BUDGETS)) {
  const html = readFileSync(new URL(page, dist), 'utf8');
  const named = (pattern) => [...html.matchAll(pattern)].map(([, path]) => path);
  const js = scriptsOf(named(/<(?:script|link)[^>]+(?:src|href)="([^"]+\.js)"/g)).reduce((sum, path) => sum + size(path), 0);
  const css = named(/href="([^"]+\.css)"/g).reduce((sum, path) => sum + size(path), 0);
  const fits = js <= budget.js && css <= budget.css;
  over ||= !fits;
  console.log(`${fits ? 'ok  ' : 'OVER'} ${page}: js ${kb(js)} of ${kb(budget.js)}, css ${kb(css)} of ${kb(budget.css)}`);
  if (/<script(?![^>]+src=)|<style|\sstyle="|\son\w+="/.test(html)) {
    over = true;
    console.log(`OVER ${page}: holds inline code, which the policy forbids`);
  }
}
process.exit(over ? 1 : 0);
