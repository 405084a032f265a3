"""Makes distances.json: python3 distances.py > distances.json (scipy)."""
import json

import numpy as np
import scipy
from scipy.ndimage import distance_transform_edt

random = np.random.default_rng(11)
cases = []
for shape, spacing, share in [
    ((1, 1, 1), (1, 1, 1), 1),
    ((1, 1, 9), (1, 1, 0.7), 0.2),
    ((7, 1, 1), (2.5, 1, 1), 0.2),
    ((6, 7, 8), (1, 1, 1), 0.01),
    ((6, 7, 8), (2.5, 0.9, 0.8), 0.02),
    ((9, 5, 7), (0.3, 4, 1.1), 0.1),
    ((5, 8, 6), (5, 0.78125, 0.78125), 0.5),
]:
    inside = random.random(shape) < share
    inside.flat[random.integers(inside.size)] = True
    cases.append({"shape": shape, "spacing": spacing, "points": np.flatnonzero(inside).tolist(),
                  "distances": distance_transform_edt(~inside, sampling=spacing).ravel().tolist()})
print(json.dumps({"versions": {"scipy": scipy.__version__, "numpy": np.__version__}, "cases": cases}))
