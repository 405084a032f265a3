"""Makes statistics.json: python3 statistics.py > statistics.json (scipy, statsmodels)."""
import json

import numpy as np
import scipy
import statsmodels
from scipy.stats import PermutationMethod, wilcoxon
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(7)
cases = []


def add(name, d, **how):
    d = [float(x) for x in d]
    result = wilcoxon(d, zero_method="wilcox", **how)
    nonzero = np.array([x for x in d if x != 0])
    ranks = scipy.stats.rankdata(np.abs(nonzero))
    cases.append({"name": name, "differences": d, "plus": float(ranks[nonzero > 0].sum()),
                  "minus": float(ranks[nonzero < 0].sum()), "p": float(result.pvalue)})


add("six", [0.1, 0.25, -0.05, 0.3, 0.02, 0.4], method="exact")
add("all positive", [1, 2, 3, 4, 5], method="exact")
add("twenty-five", random.normal(0.3, 1, 25), method="exact")
add("fifty", random.normal(0.1, 1, 50), method="exact")
add("ties and zeros", [0, 1, 1, -1, 2, 2, -3, 0, 3, 4], method=PermutationMethod(n_resamples=np.inf))
add("sixty", random.normal(0.2, 1, 60), method="asymptotic", correction=True)
add("hundred with ties", np.round(random.normal(0.1, 1, 100), 1), method="asymptotic", correction=True)
p = [0.01, 0.04, 0.03, 0.005, 0.8]
values = [0.91, 0.85, 0.88, 0.93, 0.4, 0.87]
print(json.dumps({
    "source": "statistics.py: scipy " + scipy.__version__ + ", statsmodels " + statsmodels.__version__
              + ", numpy " + np.__version__,
    "wilcoxon": cases,
    "holm": {"p": p, "corrected": [float(x) for x in multipletests(p, method="holm")[1]]},
    "moments": {"values": values, "mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)),
                "q10": float(np.quantile(values, 0.1))},
    "bootstrap": dict(zip(("low", "high"), (float(x) for x in scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=200000, method="percentile", rng=1).confidence_interval))),
}, indent=1))
