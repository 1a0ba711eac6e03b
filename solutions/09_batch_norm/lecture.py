# %% [markdown] slide="slide"
r"""
# Chapter 9: Batch normalisation
"""
