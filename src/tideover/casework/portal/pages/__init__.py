"""The portal's pages that are no journey of questions."""
