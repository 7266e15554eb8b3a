/** A file that cannot be imported as it is; the message is one plain sentence for its owner. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
