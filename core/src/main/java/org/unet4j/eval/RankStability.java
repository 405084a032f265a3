package org.unet4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How far the order of several runs is owed to the choice of cases: the ranks of their means over cases, with the cases drawn again and
 * again with replacement. Wiesenfarth et al. 2021, "Methods and open-source toolkit for analyzing and visualizing challenge results".
 *
 * @param standings one a run, in the order given
 * @param kendallTau the mean over draws of Kendall's tau b between the ranks of a draw and those of all cases: 1 where the order never
 *     changes, about 0 where it is owed to chance; NaN where all runs share one rank
 */
public record RankStability(List<Standing> standings, double kendallTau) {

    /** Copies the list. */
    public RankStability {
        standings = List.copyOf(standings);
    }

    /**
     * One run.
     *
     * @param rank by its mean over all cases, 1 being the best; runs that are equal share their mean rank
     * @param lowRank the 2.5th percentile of its ranks in the draws
     * @param highRank the 97.5th
     * @param firstShare in how many of the draws no other run was better, in [0, 1]
     */
    public record Standing(double rank, double lowRank, double highRank, double firstShare) {}

    /**
     * Returns the stability of runs that were all scored on the same cases.
     *
     * @param valuesOfRunAndCase one row a run, one finite number a case; higher is better
     * @param seed decides the draws, of which there are {@value Statistics#BOOTSTRAP_DRAWS}
     */
    public static RankStability of(double[][] valuesOfRunAndCase, long seed) {
        int runs = valuesOfRunAndCase.length;
        int cases = valuesOfRunAndCase[0].length;
        int[] all = new int[cases];
        for (int i = 0; i < cases; i++) {
            all[i] = i;
        }
        double[] ranks = ranks(valuesOfRunAndCase, all);
        SplittableRandom random = new SplittableRandom(seed);
        double[][] drawn = new double[runs][Statistics.BOOTSTRAP_DRAWS];
        double tau = 0;
        for (int draw = 0; draw < Statistics.BOOTSTRAP_DRAWS; draw++) {
            double[] ofDraw =
                    ranks(valuesOfRunAndCase, random.ints(cases, 0, cases).toArray());
            for (int run = 0; run < runs; run++) {
                drawn[run][draw] = ofDraw[run];
            }
            tau += kendall(ranks, ofDraw);
        }
        List<Standing> standings = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            standings.add(new Standing(
                    ranks[run],
                    Statistics.quantile(drawn[run], 0.025),
                    Statistics.quantile(drawn[run], 0.975),
                    firstShare(drawn, run)));
        }
        return new RankStability(standings, tau / Statistics.BOOTSTRAP_DRAWS);
    }

    /** Returns the mean ranks of the runs' sums over {@code cases}. */
    private static double[] ranks(double[][] values, int[] cases) {
        double[] sums = new double[values.length];
        for (int run = 0; run < sums.length; run++) {
            for (int at : cases) {
                sums[run] += values[run][at];
            }
        }
        double[] ranks = new double[sums.length];
        for (int run = 0; run < sums.length; run++) {
            double better = 0;
            double equal = 0;
            for (double other : sums) {
                better += other > sums[run] ? 1 : 0;
                equal += other == sums[run] ? 1 : 0;
            }
            ranks[run] = better + (equal + 1) / 2;
        }
        return ranks;
    }

    private static double firstShare(double[][] drawn, int run) {
        double first = 0;
        for (int draw = 0; draw < drawn[run].length; draw++) {
            boolean beaten = false;
            for (double[] other : drawn) {
                beaten |= other[draw] < drawn[run][draw];
            }
            first += beaten ? 0 : 1;
        }
        return first / drawn[run].length;
    }

    /** Returns tau b of two rankings; 0 where only the second has all runs equal. */
    static double kendall(double[] one, double[] other) {
        double agree = 0;
        double pairsOfOne = 0;
        double pairsOfOther = 0;
        for (int i = 0; i < one.length; i++) {
            for (int k = i + 1; k < one.length; k++) {
                double a = Math.signum(one[i] - one[k]);
                double b = Math.signum(other[i] - other[k]);
                agree += a * b;
                pairsOfOne += a * a;
                pairsOfOther += b * b;
            }
        }
        return pairsOfOther == 0 && pairsOfOne > 0 ? 0 : agree / Math.sqrt(pairsOfOne * pairsOfOther);
    }
}
