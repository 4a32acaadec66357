"""Logged outcomes -> what a policy is worth, what each treatment adds, and for whom.

Works on columns, wherever they come from: the decisions of nights with what followed them, or a
flat file from elsewhere.
"""
