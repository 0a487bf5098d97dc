"""What authors do with documents besides running them: draft a first one, show one as a page, test one."""
