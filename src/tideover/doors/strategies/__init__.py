"""Strategies as folders, workbooks and published versions; `rules` judges what they say."""
