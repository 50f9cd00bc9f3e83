"""Papers about payouts: facts are collected first, then rendered; neither changes a row."""
