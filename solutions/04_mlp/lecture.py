# %% [markdown] slide="slide"
r"""
# x
"""
