"""What a comparison needs of Rasa itself: its default pipeline, and a record of how long a fit took."""
