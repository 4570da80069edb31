// Says once more, in a few lines each, what failed in a report of Playwright: the long output is far above.
import fs from 'node:fs';

const { suites, errors } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
// Without its colours.
const plain = (text) => text.replaceAll(/\u001b\[[0-9;]*m/g, '');
const say = ({ message = '', location }) => {
  const lines = plain(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  console.log(`  ${location ? `line ${location.line}: ` : ''}${lines.slice(0, 12).join('\n    ')}`);
};
const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

// A file that does not compile, or what goes around all tests.
errors.forEach(say);
for (const { title, file, line, tests } of suites.flatMap(specsOf)) {
  if (tests.every(({ status }) => ['expected', 'skipped'].includes(status))) continue;
  console.log(`\nFAILED ${file}:${line} ${title}`);
  for (const { errors } of tests.flatMap(({ results }) => results)) errors.forEach(say);
}
