import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { freePort } from './port.ts';
import { until } from './until.ts';

const binary = resolve(
  process.env['HOLDFAST_BIN'] ?? join(import.meta.dirname, '../../target/debug/holdfast'),
);

/** The files of a database, by name. */
export type Backup = ReadonlyMap<string, Buffer>;

/**
 * The real program on a free port, with a data folder of its own. It can be killed and comes back with the
 * same data on the same port.
 */
export class Server {
  /** Everything it wrote, over all its lives. */
  logs = '';
  private process: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    /** Its data; also HOLDFAST_DATA_DIR. */
    readonly data: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts one. `settings` are further environment variables, for example HOLDFAST_AUTOSAVE_INTERVAL_SECONDS. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), 'holdfast-server-'));
    const server = new Server(await freePort(), data, { ...settings });
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.process !== undefined;
  }

  /** Starts it again on the same data and port; returns when it answers. */
  async start(): Promise<void> {
    if (this.process) throw new Error('the server runs already');
    const child = spawn(binary, ['serve'], {
      cwd: this.data,
      env: {
        PATH: process.env['PATH'],
        HOLDFAST_ADDR: `127.0.0.1:${this.port}`,
        HOLDFAST_DATA_DIR: this.data,
        HOLDFAST_LOG: 'info,holdfast_server::serve::sweep=debug',
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.logs += text));
    }
    let ended: string | undefined;
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code, signal) => (ended = `ended with ${code ?? signal}`));
    await until('the server to answer /healthz', async () => {
      if (ended !== undefined) throw new Error(`the server ${ended}:\n${this.logs}`);
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      return answer?.ok || undefined;
    });
  }

  /** Ends it without a word. Everything it had not written is lost. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end and returns its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Kills it and starts it again. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Ends it and starts it without its database: it has the key, and nothing that anybody saved. */
  async forget(): Promise<void> {
    await this.stop();
    await this.removeDatabase();
    await this.start();
  }

  /** Ends it, copies its database as a person does who makes a backup by hand, and starts it again. */
  async backUp(): Promise<Backup> {
    await this.stop();
    const files = (await readdir(this.data)).filter((file) => file.startsWith('holdfast.db'));
    const contents = files.map(async (file) => [file, await readFile(join(this.data, file))] as const);
    const backup = new Map(await Promise.all(contents));
    await this.start();
    return backup;
  }

  /** Ends it and starts it with the database as it was when the copy was made. */
  async bringBack(backup: Backup): Promise<void> {
    await this.stop();
    await this.removeDatabase();
    for (const [file, content] of backup) await writeFile(join(this.data, file), content);
    await this.start();
  }

  /**
   * Lets the server's clock be `offsetMs` after (or before) the machine's. It is started again for that, with
   * the developer's controls, when it did not have them; from then on the clock moves while it runs.
   */
  async moveClock(offsetMs: number): Promise<void> {
    await writeFile(this.clockFile, String(Math.trunc(offsetMs)));
    if (this.settings['HOLDFAST_CLOCK_OFFSET_FILE'] !== undefined) return;
    this.settings['HOLDFAST_DEV_CONTROLS'] = 'true';
    this.settings['HOLDFAST_CLOCK_OFFSET_FILE'] = this.clockFile;
    if (this.running) await this.restart();
  }

  /** Ends it and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
    await rm(this.clockFile, { force: true });
  }

  private async removeDatabase(): Promise<void> {
    for (const file of ['holdfast.db', 'holdfast.db-shm', 'holdfast.db-wal']) {
      await rm(join(this.data, file), { force: true });
    }
  }

  /** Beside the data, not in it. */
  private get clockFile(): string {
    return `${this.data}.clock`;
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
    return child.exitCode;
  }
}
