import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that nobody listens on. Below the ports that systems give to outgoing connections
 * (32768 on Linux, 49152 on macOS), so it is still free when a killed server comes back to it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
