import { Connection } from 'mongodb/lib/cmap/connection.js';

/**
 * When the driver gives a connection up (a server that hangs misses its heartbeats), it ends who waits for an answer on it, but not
 * who still waits to get a large command out: its socket is destroyed without an error, so neither `drain` nor `error` ever
 * comes, and the operation never ends. A socket destroyed with the reason tells them too. Whoever is sent on by it finds
 * the driver's own retries.
 */
const { cleanup } = Connection.prototype;
Connection.prototype.cleanup = function (error) {
  if (!this.closed) this.socket.destroy(error);
  cleanup.call(this, error);
};
