"""The rules that judge a day, one file each; they read signs and decide, without SQL."""
