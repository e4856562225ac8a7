"""Who works in a house: an organization's approvers and a distributor's managers look after their own people."""
