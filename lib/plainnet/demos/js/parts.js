// The vocabulary: which function draws which part. Each is maker(spec, context) -> {element, draw, describe}:
// `draw(frame, {width, height, em, k})` draws frame k, with letters of `em` pixels, `describe(frame)` says it in words.

import { bars, histogram } from "./bars.js";
import { graph } from "./graph.js";
import { heat_map, image_grid } from "./heat_map.js";
import { listing, table } from "./text.js";
import { loss_curve } from "./curves.js";
import { matrix } from "./matrix.js";
import { network } from "./network.js";
import { plot } from "./plot.js";

export const PARTS = { bars, graph, heat_map, histogram, image_grid, listing, loss_curve, matrix, network, plot, table };
