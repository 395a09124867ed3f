"""What a resident can have worked out: fees, a tax band, a deadline, one's own share.

Each calculator is a module of its own over the figures of its knowledge entry, so that a changed
rate changes the result. None states a rule that the entry has no source for.
"""
