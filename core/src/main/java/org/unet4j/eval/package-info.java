/**
 * How good a segmentation is, and how sure one can be of it: overlap of label maps, distances between surfaces, scores over
 * cases, and the few statistics that a comparison of networks needs.
 *
 * <p>Start with {@link org.unet4j.eval.Dice} (two label maps in, one number out), {@link org.unet4j.eval.CaseScores}
 * (all cases, their means, JSON and CSV) and {@link org.unet4j.eval.Statistics} (intervals and tests). {@link
 * org.unet4j.eval.ClassMeasures} says what is measured beside Dice, and what holds for empty masks.
 *
 * <pre>{@code
 * CaseScores scores = Evaluation.of(Path.of("predictions"), Path.of("labelsTr")).run(Progress.silent());
 * System.out.println(scores.meanDice());
 * scores.writeJson(Path.of("scores.json"));
 * }</pre>
 */
package org.unet4j.eval;
