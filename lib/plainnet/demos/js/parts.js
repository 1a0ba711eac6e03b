// The vocabulary: which function draws which part. Each is maker(spec, context) -> {element, draw, describe}:
// `draw(frame, {width, height, k})` draws frame k, `describe(frame)` says it in words.

import { graph } from "./graph.js";
import { listing, table } from "./text.js";

export const PARTS = { graph, listing, table };
