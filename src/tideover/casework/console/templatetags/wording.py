"""Words of ours as staff read them, for templates."""

from __future__ import annotations

from django import template

from tideover.casework.console import words

register = template.Library()
register.filter("plain", words.plain)
register.filter("channel", words.channel)
register.filter("among", words.among)
register.filter("piece", words.piece)
register.filter("because", words.because)
register.filter("moved", words.moved)
