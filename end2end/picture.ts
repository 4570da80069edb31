// The README's picture: `PICTURE=1 npx playwright test` draws it again.
import { Workspace } from './pages/workspace.ts';
import { test } from './support/test.ts';

test.use({ viewport: { width: 1280, height: 720 } });

test('draws the picture', async ({ workspace, context }) => {
  const { page, fields, sessions } = workspace;
  for (const name of ['Kitchen, second offer', 'Reading list']) {
    await workspace.name.fill(name);
    await workspace.type(name);
    await workspace.save();
    await sessions.create();
  }
  await workspace.name.fill('Norway by train');
  await workspace.type(
    [
      'Day 1: Oslo to Trondheim, window seats on the left. Lunch is on board, the café opens at eleven.',
      'Day 2: The night train to Bodø leaves at 23:40. Ask for the sleeper with two beds.',
      'Day 3: Ferry to Moskenes at 15:15, three and a half hours. The cabin is a walk of ten minutes.',
    ].join('\n\n'),
  );
  await fields.add('Departure', 'Date');
  await fields.input('Departure').fill('2026-06-19');
  await fields.add('Travellers', 'Number');
  await fields.input('Travellers').fill('2');
  await fields.add('Class', 'Choice', ['Komfort', 'Standard']);
  await fields.input('Class').selectOption('Komfort');
  await fields.add('Booked', 'Checkbox');
  await fields.all.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Take one' }).first().click();
  await workspace.save();

  const other = new Workspace(await context.newPage());
  await other.open(`/s/${await workspace.sessionId()}`);
  await other.type('\n\nTake the binoculars.');
  await workspace.save();
  await workspace.notices.getByRole('button', { name: 'Dismiss' }).first().click();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: `../docs/picture-${theme}.png`, animations: 'disabled' });
  }
});
