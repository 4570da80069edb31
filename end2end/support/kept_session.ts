import { Workspace } from '../pages/workspace.ts';
import type { Profile } from './profile.ts';

/**
 * A session with a text, saved, of a guest whose cookie outlives a killed browser: one takes half a minute to
 * write a new cookie to the disk, if it is not closed. The browser was opened again.
 */
export async function keptSession(profile: Profile, text: string): Promise<string> {
  const workspace = await Workspace.at(await profile.context.newPage());
  const session = await workspace.sessionId();
  await workspace.type(text);
  await workspace.save();
  await profile.close();
  await profile.open();
  return session;
}
