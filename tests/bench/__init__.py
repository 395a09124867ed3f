"""`make bench`: the figures of this bot beside those of a stock Rasa bot, in the same run."""
