import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

/**
 * Whether an address answers 200 within two seconds. Certificates are not checked: this asks whether a part serves, and sends
 * nothing that must stay secret.
 */
export function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const secure = url.startsWith('https:');
    const options = { timeout: 2000, agent: false, rejectUnauthorized: false };
    const request = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => resolve(false));
    request.end();
  });
}

/** Whether someone accepts connections on a socket file. */
export function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')));
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
