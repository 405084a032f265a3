package org.unet4j.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

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
