import { Workspace } from './pages/workspace.ts';
import { sameGuest } from './support/browsers.ts';
import { expect, test } from './support/test.ts';

test('[SYNC-4] the theme that is chosen in one browser is there in another of the same guest', async ({
  workspace,
  context,
}) => {
  const { page } = workspace;
  const theme = ({ page }: Workspace) => page.locator('html');
  const second = await Workspace.at(await (await sameGuest(context)).newPage());
  await expect(theme(second)).not.toHaveAttribute('data-theme');

  for (const [chosen, word] of [
    ['Dark', 'dark'],
    ['Light', 'light'],
  ] as const) {
    const told = page.waitForResponse('**/fn/set_preferences');
    await workspace.chooseTheme(chosen);
    await told;
    await second.reload();
    await expect(theme(second)).toHaveAttribute('data-theme', word);
    const button = second.page.getByRole('banner').getByRole('button', { name: /^Theme/ });
    await expect(button).toHaveAccessibleName(`Theme: ${word}`);
  }
  const told = page.waitForResponse('**/fn/set_preferences');
  await workspace.chooseTheme('Like the system');
  await told;
  await second.reload();
  await expect(theme(second)).not.toHaveAttribute('data-theme');
});
