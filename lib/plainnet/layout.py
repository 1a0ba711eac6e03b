"""Where to draw the boxes and arrows of a graph: layers from left to right.

The steps of Sugiyama's method: give every box a layer, let long arrows bend
through invisible points, order each layer so that few arrows cross, then move
boxes level with their neighbours.

References
----------
.. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of
   hierarchical system structures", IEEE Trans. SMC 11(2), 1981.
"""

import itertools

GAP_X, GAP_Y, SWEEPS = 44, 16, 12


def layered(sizes, inputs):
    """Place boxes so that every arrow runs from left to right.

    Parameters
    ----------
    sizes : list of (width, height)
        One per box, in an order in which inputs come before outputs.
    inputs : list of lists of int
        For each box the boxes that an arrow comes from.

    Returns
    -------
    centres : list of (x, y)
    bends : dict of (i, k) -> list of (x, y)
        The points through which the arrow to box i from its input number k passes.
    width, height : float
    """
    layer_of = assign_layers(inputs)
    heights = [height for _, height in sizes]
    chains, links, ports = route(inputs, layer_of, heights)
    layers = [[] for _ in range(max(layer_of) + 1)]
    for i, layer in enumerate(layer_of):
        layers[layer].append(i)
    left, right = neighbours(links, len(heights))
    reduce_crossings(layers, left, right, ports)
    y = level(layers, left, right, heights)
    x, width = columns(layers, sizes)
    points = [(x[layer], y[i]) for i, layer in enumerate(layer_of)]
    bends = {arrow: [points[i] for i in chain] for arrow, chain in chains.items()}
    return points[: len(sizes)], bends, width, max(y[i] + heights[i] / 2 for i in range(len(y)))


def assign_layers(inputs):
    """Return each box's layer: right of all its inputs; a leaf stands just left of its first user."""
    layer = []
    for sources in inputs:
        layer.append(1 + max((layer[j] for j in sources), default=-1))
    for leaf in [i for i, sources in enumerate(inputs) if not sources]:
        layer[leaf] = min((layer[i] for i, sources in enumerate(inputs) if leaf in sources), default=1) - 1
    return layer


def route(inputs, layer, heights):
    """Cut arrows into links between adjacent layers; append the bends to `layer` and `heights`.

    Return the bends of each arrow, all links, and how far down its box each link arrives, from 0 to 1.
    """
    chains, links, ports = {}, [], {}
    for target, sources in enumerate(inputs):
        for k, source in enumerate(sources):
            chain = []
            for between in range(layer[source] + 1, layer[target]):
                chain.append(len(layer))
                layer.append(between)
                heights.append(10)
            chains[target, k] = chain
            path = [source, *chain, target]
            links += itertools.pairwise(path)
            ports[path[-2], target] = k / len(sources)
    return chains, links, ports


def neighbours(links, count):
    """Return for each point the points that it is linked to on its left and on its right."""
    left, right = [[] for _ in range(count)], [[] for _ in range(count)]
    for a, b in links:
        left[b].append(a)
        right[a].append(b)
    return left, right


def reduce_crossings(layers, left, right, ports):
    """Sort each layer by the mean position of its neighbours, sweeping right and left in turn."""
    place = {i: k for layer in layers for k, i in enumerate(layer)}

    def by_inputs(i):
        return mean([place[j] for j in left[i]], default=place[i])

    def by_users(i):
        return mean([place[j] + ports.get((i, j), 0) for j in right[i]], default=place[i])

    for _ in range(SWEEPS):
        for order, key in (layers, by_inputs), (reversed(layers), by_users):
            for layer in order:
                layer.sort(key=key)
                place.update({i: k for k, i in enumerate(layer)})


def level(layers, left, right, heights):
    """Return each point's y: as level with its neighbours as its layer has room for."""
    y = [0.0] * len(heights)
    for layer in layers:
        spread(layer, y, heights)
    for _ in range(SWEEPS):
        for layer in [*layers, *reversed(layers)]:
            for i in layer:
                y[i] = mean([y[j] for j in left[i] + right[i]], default=y[i])
            spread(layer, y, heights)
    top = min(y[i] - heights[i] / 2 for i in range(len(y)))
    return [value - top for value in y]


def spread(layer, y, heights):
    """Push the points of a layer apart until none overlap, without moving their common centre."""
    wanted = mean([y[i] for i in layer], default=0)
    for above, below in itertools.pairwise(layer):
        y[below] = max(y[below], y[above] + (heights[above] + heights[below]) / 2 + GAP_Y)
    shift = wanted - mean([y[i] for i in layer], default=0)
    for i in layer:
        y[i] += shift


def columns(layers, sizes):
    """Return the x of each layer's centre line, and the width of all."""
    x, edge = [], 0
    for layer in layers:
        width = max((sizes[i][0] for i in layer if i < len(sizes)), default=0)
        x.append(edge + width / 2)
        edge += width + GAP_X
    return x, edge - GAP_X


def mean(values, default):
    """Return the mean, or `default` for no values."""
    return sum(values) / len(values) if values else default
