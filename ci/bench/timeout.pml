/*
 * Cells 9 and 10 of the lesson: two tellers, each of which tries both locks, and on failure
 * releases what it got and starts over, for ever. N is how many transfers each makes.
 *
 * One step here is one operation of the real code, that of the main thread included; what a teller
 * does by itself between two operations is part of the step before, and no local variable outlives
 * its use. So the full graph has the states that the product engine finds.
 */
#ifndef N
#define N 1
#endif
#define INITIAL 100000

#define FROM   (_pid - 1)
#define TO     (2 - _pid)
#define AMOUNT (40 - 10 * _pid)

bit held[2];
bit done[2];
int acc[2];

proctype teller() {
	byte n;
	int balance;

retry:	if
	:: d_step { !held[FROM]; held[FROM] = 1 };
		if
		:: d_step { !held[TO]; held[TO] = 1 }
		:: held[TO]; held[FROM] = 0; goto retry
		fi
	:: held[FROM];
		if
		:: d_step { !held[TO]; held[TO] = 1 }; held[TO] = 0; goto retry
		:: held[TO]; goto retry
		fi
	fi;
	balance = acc[FROM];
	d_step { acc[FROM] = balance - AMOUNT; balance = 0 };
	balance = acc[TO];
	d_step { acc[TO] = balance + AMOUNT; balance = 0 };
	held[FROM] = 0;
	if
	:: d_step { n < N - 1; held[TO] = 0; n++ }; goto retry
	:: d_step { n == N - 1; held[TO] = 0; n = 0; done[FROM] = 1 }
	fi;
end:	false
}

init {
	int total;

	d_step { acc[0] = INITIAL; acc[1] = INITIAL };
	run teller();
	run teller();
	done[0];
	done[1];
	total = acc[0];
	total = total + acc[1];
	assert(total == 2 * INITIAL);
	assert(!held[0]);
	assert(!held[1])
}
