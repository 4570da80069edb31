import { anotherBrowser } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

// What is over a limit is refused with words, stays in its field, and takes nothing else with it.

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
/** JSON that is sound and too much of something. */
const tooMuch = {
  'value bytes': JSON.stringify('x'.repeat(1_000_000)),
  'key bytes': JSON.stringify({ ['k'.repeat(257)]: 1 }),
  'nesting levels': nested(70),
};

for (const [what, typed] of Object.entries(tooMuch)) {
  test(`[CTX-10] a field with too many ${what} keeps what was typed, and its last value`, async ({
    workspace,
    context,
  }) => {
    const { fields, notices } = workspace;
    await workspace.type('Beside it');
    await fields.add('Huts', 'JSON');
    await fields.input('Huts').fill('[4]');
    await workspace.save();
    await fields.input('Huts').fill(typed);
    await expect(notices.getByRole('alert')).toContainText(`Not changed. ${what} is over the limit`);
    await workspace.save();
    await expect(fields.input('Huts')).toHaveValue(typed);
    // Also when the field is left, and over a reload: it is a draft like any other.
    await workspace.notes.focus();
    await expect(fields.input('Huts')).toHaveAttribute('aria-invalid', 'true');
    await expect(fields.input('Huts')).toHaveValue(typed);
    await workspace.reload();
    await expect(fields.input('Huts')).toHaveValue(typed);
    const other = await anotherBrowser(context, await workspace.sessionId());
    await expect(other.notes).toHaveValue('Beside it');
    await expect(other.fields.input('Huts')).toHaveValue('[\n  4\n]');

    // It is still there to be shortened.
    await fields.input('Huts').fill('[5]');
    await workspace.save();
    await other.reload();
    await expect(other.fields.input('Huts')).toHaveValue('[\n  5\n]');
  });
}

test('[CTX-10] a text over the limit stays in its field, and what it is shortened to is saved', async ({
  workspace,
  context,
}) => {
  const { fields, notes, notices } = workspace;
  await fields.add('Budget', 'Number');
  await fields.input('Budget').fill('2400');
  await workspace.type('before');
  await workspace.save();
  const area = await notes.elementHandle();
  // Drawing this much takes half a minute, which is not what is tested.
  const length = await area?.evaluate((area: HTMLTextAreaElement) => {
    area.style.display = 'none';
    area.setRangeText('x'.repeat(51_000_000), area.value.length, area.value.length, 'end');
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    return area.value.length;
  });
  expect(length).toBe('before'.length + 51_000_000);
  await expect(notices.getByRole('alert')).toContainText('Not changed. context bytes is over the limit');
  await workspace.save();
  const other = await anotherBrowser(context, await workspace.sessionId());
  await expect(other.notes).toHaveValue('before');
  await expect(other.fields.input('Budget')).toHaveValue('2400');

  await area?.evaluate((area: HTMLTextAreaElement) => {
    area.setRangeText(' and after', 'before'.length, area.value.length, 'end');
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    area.style.removeProperty('display');
  });
  await expect(notes).toHaveValue('before and after');
  await workspace.save();
  await other.reload();
  await expect(other.notes).toHaveValue('before and after');
});

test('[SESS-3] a name of nothing is refused, and the one before comes back', async ({ workspace }) => {
  const { name, notices, page, sessions } = workspace;
  await name.fill('Field trip');
  await name.press('Enter');
  await expect(sessions.link('Field trip')).toBeVisible();
  await name.fill('   ');
  await name.press('Enter');
  await expect(notices.getByRole('alert')).toContainText('Not renamed');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(sessions.link('Field trip')).toBeVisible();
  await name.focus();
  await page.keyboard.press('Escape');
  await expect(name).toHaveValue('Field trip');
});
