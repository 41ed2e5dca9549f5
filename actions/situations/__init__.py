"""What else turns up in a chat beside any request: danger, a child, an insult, a claim of authority…

The engine recognises a situation; here it is answered in written words, and a person follows it up where due.
None of them starts an action on its own, and every request in the same message still counts.
"""
