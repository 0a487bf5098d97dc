"""The findings of a check, in each form: on a screen of a person, and for the programs that read them."""
