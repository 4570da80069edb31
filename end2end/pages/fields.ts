import { type Locator, type Page, expect } from '@playwright/test';

export type FieldKind = 'Text' | 'Number' | 'Date' | 'Choice' | 'Checkbox' | 'JSON';

/** The structured fields beside the notes. */
export class Fields {
  constructor(private readonly page: Page) {}

  get all(): Locator {
    return this.page.getByRole('region', { name: 'Fields', exact: true });
  }

  /** The input of a field, by its label. */
  input(label: string): Locator {
    const inputs = this.all.locator('input, select, textarea');
    return inputs.and(this.all.getByLabel(label, { exact: true }));
  }

  /** Adds one by the form behind "Add field"; it has the caret then. `choices` only for a choice. */
  async add(name: string, kind: FieldKind, choices: string[] = []): Promise<void> {
    await this.page.getByRole('button', { name: 'Add field' }).first().click();
    const form = this.page.getByRole('group', { name: 'Add a field' });
    await form.getByLabel('Name').fill(name);
    // The radio button itself is drawn by its label.
    await form.getByText(kind, { exact: true }).click();
    await expect(form.getByRole('radio', { name: kind, exact: true })).toBeChecked();
    if (choices.length > 0) await form.getByLabel(/^Choices/).fill(choices.join('\n'));
    await form.getByRole('button', { name: 'Add field' }).click();
    await expect(this.input(name)).toBeFocused();
  }

  /** Chooses in a field's menu: Rename, Copy value, Remove field. */
  async menu(label: string, item: string): Promise<void> {
    await this.all.getByRole('button', { name: `Actions for ${label}`, exact: true }).click();
    await this.page
      .getByRole('group', { name: label, exact: true })
      .getByRole('button', { name: item })
      .click();
  }
}
