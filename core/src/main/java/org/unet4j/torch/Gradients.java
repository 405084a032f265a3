package org.unet4j.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The gradients of many parameters at once. */
public final class Gradients {

    private Gradients() {}

    /**
     * Adds the gradients of each of {@code replicas}, one after the other, to those of {@code parameters}, and takes them from
     * the replicas. All hold the same parameters in the same order.
     */
    public static void gather(List<Tensor> parameters, List<List<Tensor>> replicas) {
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor none = new Tensor();
            for (List<Tensor> replica : replicas) {
                List<Tensor> sums = new ArrayList<>();
                List<Tensor> more = new ArrayList<>();
                for (int i = 0; i < parameters.size(); i++) {
                    Tensor given = replica.get(i).grad();
                    if (given.defined()) {
                        Tensor sum = parameters.get(i).mutable_grad();
                        if (sum.defined()) {
                            sums.add(sum);
                            more.add(given);
                        } else {
                            sum.put(given);
                        }
                    }
                }
                if (!sums.isEmpty()) {
                    Ops.add(sums, more);
                }
                drop(replica, none);
            }
        }
    }

    /**
     * Scales all gradients down together so that their norm is at most {@code maximum}; infinity scales nothing. Gradients
     * within it keep their bits. Waits for nothing: the device computes the factor min(1, maximum / norm), as PyTorch's
     * clip_grad_norm_ does, which differs by an epsilon of 1e-6 that scales gradients just below the maximum too.
     *
     * @param parameters in an order of the caller's, which the last bits of the norm depend on
     * @return the norm of all gradients together before, without axes, on their device and in the open scope; 0 where there is no
     *     gradient. Not finite where a gradient is not, and one of them is not finite after either; infinite too where finite
     *     ones are too large for their squares, all are 0 after. So look at it before they are used
     */
    public static Tensor clip(Collection<Tensor> parameters, double maximum) {
        if (!(maximum > 0)) {
            throw new IllegalArgumentException("the largest gradient norm " + maximum + " must be above 0");
        }
        try (Scope scope = new Scope();
                AutoGradMode off = new AutoGradMode(false)) {
            List<Tensor> gradients = of(parameters);
            if (gradients.isEmpty()) {
                Device device = parameters.stream().findFirst().map(Device::of).orElse(Device.cpu());
                return scope.keep(Tensors.zeros(new long[0], ScalarType.Float, device));
            }
            Tensor norms = Ops.norms(gradients);
            Tensor norm = norms.mul(norms).sum().sqrt();
            if (maximum < Double.POSITIVE_INFINITY) {
                Ops.scale(gradients, Tensors.scalar(maximum, norm).div(norm).clamp_max(new Scalar(1)));
            }
            return scope.keep(norm);
        }
    }

    /** Returns the gradients of those {@code parameters} that have one, in the open scope. */
    static List<Tensor> of(Collection<Tensor> parameters) {
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor parameter : parameters) {
            Tensor gradient = parameter.grad();
            if (gradient.defined()) {
                gradients.add(gradient);
            }
        }
        return gradients;
    }

    /** Drops all gradients: the next backward pass makes new ones. */
    public static void drop(Collection<Tensor> parameters) {
        try (Scope scope = new Scope()) {
            drop(parameters, new Tensor());
        }
    }

    private static void drop(Collection<Tensor> parameters, Tensor none) {
        for (Tensor parameter : parameters) {
            parameter.mutable_grad().put(none);
        }
    }
}
