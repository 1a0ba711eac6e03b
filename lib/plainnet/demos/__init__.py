"""Lecture demos: recordings made with the library, and the stage that plays them.

A demo records its frames with plainnet, once; the stage then steps, plays and scrubs them in a notebook, in a page
without kernel or network, or prints one as a picture. Nothing here imports anywidget or matplotlib before it must.
"""

import importlib

from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo

GALLERY = {  # every demo, in the order of the chapters: class -> module
    "GraphStepper": "graph_stepper",
    "OrderPicker": "order_picker",
    "PerceptronLine": "perceptron_line",
    "ORingCurve": "o_ring_curve",
    "LogitsToLoss": "logits_to_loss",
    "WeightImages": "weight_images",
    "XorNetwork": "xor_network",
    "Playground": "playground",
    "ReluBumps": "relu_bumps",
    "GradientFlow": "gradient_flow",
    "LayerHistograms": "layer_histograms",
    "DeadUnits": "dead_units",
    "OptimiserRace": "optimiser_race",
    "BatchNoise": "batch_noise",
    "SchedulePlot": "schedule_plot",
    "PenaltyFit": "penalty_fit",
    "PenaltyGeometry": "penalty_geometry",
    "EarlyStoppingCursor": "early_stopping",
    "DropoutMasks": "dropout_masks",
    "NormHistograms": "norm_histograms",
    "NormBatchSize": "norm_batch_size",
    "RunningStatistics": "running_statistics",
    "ConvolutionStepper": "convolution_stepper",
    "ToeplitzView": "toeplitz_view",
    "KernelPainter": "kernel_painter",
    "PoolingStepper": "pooling_stepper",
    "ShiftBars": "shift_bars",
    "FeatureMaps": "feature_maps",
    "DrawDigit": "draw_digit",
    "EpsilonAttack": "epsilon_attack",
    "NoiseOrAttack": "noise_or_attack",
    "FoolingImage": "fooling_image",
}

__all__ = ["GALLERY", "Ask", "Demo", "Recording", *GALLERY]


def __getattr__(name):
    """Import a demo when it is asked for: a lecture that shows one need not load them all."""
    if name not in GALLERY:
        raise AttributeError(f"plainnet.demos has no {name!r}; its demos are {', '.join(GALLERY)}")
    return getattr(importlib.import_module(f"plainnet.demos.{GALLERY[name]}"), name)
