"""mlquiz is one pipeline; every arrow is a pure function but the two starred ones.

Question --draw--> Exercise --ask*--> Reply --grade--> Verdict --rate--> Rating
         --append*--> Review --replay--> Memory --view--> due, readiness, report

A *player* asks, the *journal* appends.
"""

__version__ = "0.1.0"
