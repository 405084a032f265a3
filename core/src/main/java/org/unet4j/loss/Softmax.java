package org.unet4j.loss;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Scope;

/**
 * The softmax p of logits, of which a loss sees two things only: log p(target) of each voxel, and for each class of each sample
 * how much of p lies where, {@link Sums}. Autograd follows the loss back to these, which have no axis of classes times voxels; from
 * there one pass leads to the logits z. With g the gradient of log p(target) and a that of sum(p),
 *
 * <p>dL/dz(k) = p(k) (a(k) - sum over c of a(c) p(c) - g), plus g where k is the target.
 *
 * <p>Besides p, in whose place the gradient comes, one tensor of that size is needed in between. The gradients equal
 * autograd's through every operation (SoftmaxTest).
 */
final class Softmax {

    private final Tensor probabilityNCV;

    /** The class of each voxel; any class where there is none. */
    private final Tensor classN1V;

    /** 1 where a voxel has a class, 0 elsewhere; empty where all have one. */
    private final Optional<Tensor> hasClassNV;

    private final Tensor logTargetNV;
    private Optional<Sums> sums = Optional.empty();

    /**
     * For each class of each sample, sums over its voxels, (N, C).
     *
     * @param overlapNC of p where the target is of the class
     * @param probabilityNC of p
     * @param targetNC of the voxels that are of the class
     */
    record Sums(Tensor overlapNC, Tensor probabilityNC, Tensor targetNC) {}

    /**
     * Computes the softmax of {@code logitsNCV}, which have no graph, over the classes.
     *
     * @param targetNV the class of each voxel
     * @param mayLackClass whether targets may be none of the classes, which then count as voxels without class: on a card, where
     *     nobody has looked at them
     */
    Softmax(Tensor logitsNCV, Tensor targetNV, boolean mayLackClass) {
        Tensor classNV = targetNV.to(ScalarType.Long);
        if (mayLackClass) {
            Scalar last = new Scalar(logitsNCV.size(1) - 1);
            Tensor insideNV = classNV.ge(new Scalar(0)).logical_and(classNV.le(last));
            hasClassNV = Optional.of(insideNV.to(logitsNCV.scalar_type().intern()));
            classNV = classNV.mul(insideNV);
        } else {
            hasClassNV = Optional.empty();
        }
        classN1V = classNV.unsqueeze(1);
        Tensor logNCV = torch.log_softmax(logitsNCV, 1);
        logTargetNV = known(logNCV.gather(1, classN1V).squeeze(1)).set_requires_grad(true);
        probabilityNCV = logNCV.exp_();
    }

    /** Returns {@code tensorNV}, 0 where voxels have no class. */
    private Tensor known(Tensor tensorNV) {
        return hasClassNV.map(tensorNV::mul).orElse(tensorNV);
    }

    /** Returns the number of classes. */
    long classes() {
        return probabilityNCV.size(1);
    }

    /** Returns log p of each voxel's class, and 0 where it has none. */
    Tensor logTargetNV() {
        return logTargetNV;
    }

    /** Returns for each voxel the number that {@code valuesC} have for its class, and 0 where it has none. */
    Tensor ofTargetNV(Tensor valuesC) {
        return known(valuesC.take(classN1V.squeeze(1)));
    }

    /** Returns the sums, computed once. */
    Sums sums() {
        if (sums.isEmpty()) {
            try (Scope scope = new Scope()) {
                Tensor ofTargetNCV = torch.zeros_like(probabilityNCV);
                Tensor targetNC = summed(ofTargetNCV, torch.ones_like(logTargetNV.detach()));
                Tensor overlapNC = summed(ofTargetNCV, probabilityOfTargetNV()).set_requires_grad(true);
                Tensor probabilityNC = sumOverVoxels(probabilityNCV).set_requires_grad(true);
                sums = Optional.of(new Sums(scope.keep(overlapNC), scope.keep(probabilityNC), scope.keep(targetNC)));
            }
        }
        return sums.get();
    }

    /** Returns the sums of {@code valueNV} over the voxels of each class. */
    private Tensor summed(Tensor ofTargetNCV, Tensor valueNV) {
        return sumOverVoxels(ofTargetNCV.scatter_(1, classN1V, known(valueNV).unsqueeze(1)));
    }

    private static Tensor sumOverVoxels(Tensor tensorNCV) {
        return tensorNCV.sum(new long[] {2}, false, new ScalarTypeOptional());
    }

    private Tensor probabilityOfTargetNV() {
        return logTargetNV.detach().exp();
    }

    /**
     * Returns the gradient of the logits, (N, C, V), in the place of p, which is gone then, once a loss was followed back to what
     * it saw.
     */
    Tensor gradientNCV() {
        Tensor targetNV = gradientOfLogTargetNV();
        Tensor everyN1V = targetNV.unsqueeze(1);
        Tensor factorNCV = everyN1V.neg();
        Tensor sizeNC = sums.map(seen -> seen.probabilityNC().grad()).orElseGet(Tensor::new);
        if (sizeNC.defined()) {
            Tensor meanN1V = sizeNC.unsqueeze(1).bmm(probabilityNCV);
            factorNCV = sizeNC.unsqueeze(2).sub(meanN1V.add_(everyN1V));
        }
        return probabilityNCV.mul_(factorNCV).scatter_add_(1, classN1V, everyN1V);
    }

    /** Returns what log p(target) gets by itself and through the overlap. */
    private Tensor gradientOfLogTargetNV() {
        Tensor direct = logTargetNV.grad();
        Tensor gradientNV = direct.defined() ? direct : torch.zeros_like(logTargetNV.detach());
        Tensor overlapNC = sums.map(seen -> seen.overlapNC().grad()).orElseGet(Tensor::new);
        if (overlapNC.defined()) {
            gradientNV = gradientNV.addcmul(overlapNC.gather(1, classN1V.squeeze(1)), probabilityOfTargetNV());
        }
        return known(gradientNV);
    }
}
