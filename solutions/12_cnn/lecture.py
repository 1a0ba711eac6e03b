# %% [markdown] slide="slide"
r"""
# Chapter 12: Pooling and a first CNN
"""
