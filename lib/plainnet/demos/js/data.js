// A recording on this side of the wire: frames by number, values by name.

const MOST_PUSHED = 1000;

// An array arrives as {data: Float32Array, shape}, a number as a number, words and lists as they are.
function reader(column, floats) {
  if (column.values) return (k) => column.values[k];
  return (k) => {
    const [offset, ...shape] = column.arrays[k];
    if (shape.length === 0) return floats[offset];
    return { shape, data: floats.subarray(offset, offset + shape.reduce((a, b) => a * b, 1)) };
  };
}

export class Recording {
  constructor(header, buffer) {
    const floats = new Float32Array(buffer);
    this.header = header;
    this.count = header.count;
    this.pushed = []; // frames of a run in progress, after the recorded ones
    this.fixed = {};
    for (const [name, column] of Object.entries(header.static)) this.fixed[name] = reader(column, floats)(0);
    this.columns = Object.entries(header.columns).map(([name, column]) => [name, column.index, reader(column, floats)]);
  }

  frame(k) {
    if (k >= this.header.count) return this.pushed[k - this.header.count];
    const frame = { ...this.fixed };
    for (const [name, index, read] of this.columns) if (index[k] >= 0) frame[name] = read(index[k]);
    return frame;
  }

  // The numbers of `name` in frames 0 .. last; frames without it give NaN.
  series(name, last) {
    const column = this.columns.find(([other]) => other === name);
    const out = new Float32Array(last + 1).fill(NaN);
    for (let k = 0; k <= last; k++) {
      if (k >= this.header.count) out[k] = this.pushed[k - this.header.count][name] ?? NaN;
      else if (column && column[1][k] >= 0) out[k] = column[2](column[1][k]);
    }
    return out;
  }

  // A frame that the kernel pushed while it runs: a recording of one frame. A long run is thinned, or it would fill
  // the memory: every second frame of what has passed is dropped.
  push(header, buffer) {
    const one = new Recording(header, buffer);
    this.pushed.push({ ...this.fixed, ...one.frame(0) });
    if (this.pushed.length > MOST_PUSHED) this.pushed = this.pushed.filter((_, k) => k % 2 || k === MOST_PUSHED);
    this.count = this.header.count + this.pushed.length;
    if (header.warnings[0]) this.header.warnings[this.count - 1] = header.warnings[0];
  }

  // What first went wrong at or before frame k, in words.
  warning(k) {
    const found = Object.entries(this.header.warnings).filter(([at]) => Number(at) <= k);
    return found.map(([at, words]) => `${words} (frame ${at})`).join("; ");
  }
}

// Bytes come as an ArrayBuffer, a DataView or a typed array, at any offset.
export function bytes(data) {
  if (!data) return new ArrayBuffer(0);
  if (data instanceof ArrayBuffer) return data;
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}

export function fromBase64(words) {
  return Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0)).buffer;
}
